import { membersOf } from '../../object.js';
import type { JsonObject, KubeObject } from '../../object.js';
import { defineVersion } from '../../resource-type.js';
import { events } from '../core/event.js';
import { own } from '../../../units/index.js';

/** What events.k8s.io/v1 calls the fields of core/v1; all others have one name. */
const newNames: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};
const oldNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(newNames).map(([name, other]) => [other, name]),
);

const renamed = (object: JsonObject, names: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [own(names, name) ?? name, value]));

/** events.k8s.io/v1: the events of core/v1 in newer words. */
export const eventsV1 = defineVersion(events, {
  group: 'events.k8s.io',
  version: 'v1',
  schema: 'EventsV1Event',
  // What is left out is filled in the other version, in which events are kept.
  applyDefaults: () => undefined,
  selectable: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (name) => `regarding.${name}`,
    ),
    'reason',
    'reportingController',
    'type',
  ],
  fromStored: (kept) =>
    ({
      ...renamed(membersOf(kept), newNames),
      apiVersion: 'events.k8s.io/v1',
    }) as unknown as KubeObject,
  toStored: (draft) => ({ ...renamed(draft, oldNames), apiVersion: 'v1' }),
});
