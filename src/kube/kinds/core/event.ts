import type { Instant } from '../../../units/index.js';
import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { column, elapsed, nameColumn, textAt, wide } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { eventErrors } from './event-validation.js';
import { asText } from './group.js';

const eventTime = (object: KubeObject, ...paths: string[]): string | undefined => {
  for (const path of paths) {
    const value = fieldAt(object, path);
    if (typeof value === 'string') return value;
  }
  return undefined;
};

const firstSeen = (object: KubeObject) => eventTime(object, 'firstTimestamp', 'eventTime');

const countOf = (object: KubeObject): number =>
  Number(fieldAt(object, 'series.count') ?? (fieldAt(object, 'count') || 1));

const lastSeen = (object: KubeObject, now: Instant): string =>
  elapsed(eventTime(object, 'series.lastObservedTime', 'lastTimestamp') ?? firstSeen(object), now);

/** Term of the events' `byHour`: the hour they were last seen in, counted from the epoch. */
export const hourTerm = (cluster: string, hour: number): string => `${cluster}|${String(hour)}`;

/** Term of the events' `bySource`: what a component says about an object. */
export const sourceTerm = (cluster: string, uid: string, component: string): string =>
  `${cluster}|${uid}|${component}`;

/** The members of an event that it is looked up by, as far as they are there. */
interface CoreEvent extends KubeObject {
  readonly lastTimestamp?: unknown;
  readonly involvedObject?: { readonly uid?: string };
  readonly source?: { readonly component?: string };
}

/** The last text that was read, and its hour: events come in bursts. */
let lastRead = { text: '', hour: 0 };

function hourOf(text: string): number {
  if (lastRead.text !== text) lastRead = { text, hour: Math.floor(Date.parse(text) / 3_600_000) };
  return lastRead.hour;
}

export const events = defineKind({
  collection: objectCollection('events', {
    byHour: ({ cluster, object }) => {
      const { lastTimestamp } = object as CoreEvent;
      return typeof lastTimestamp === 'string' ? hourTerm(cluster, hourOf(lastTimestamp)) : undefined;
    },
    bySource: ({ cluster, object }) => {
      const { involvedObject, source } = object as CoreEvent;
      return sourceTerm(cluster, involvedObject?.uid ?? '', source?.component ?? '');
    },
  }),
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  schema: 'CoreV1Event',
  selectable: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (name) => `involvedObject.${name}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  columns: [
    column('Last Seen', lastSeen),
    column('Type', textAt('type', '')),
    column('Reason', textAt('reason', '')),
    column('Object', (object) => {
      const kind = asText(fieldAt(object, 'involvedObject.kind'), '').toLowerCase();
      const name = asText(fieldAt(object, 'involvedObject.name'), '');
      return name === '' ? kind : `${kind}/${name}`;
    }),
    wide('Subobject', textAt('involvedObject.fieldPath', '')),
    wide('Source', (object) => {
      const from = (old: string, present: string) =>
        asText(fieldAt(object, old), '') || asText(fieldAt(object, present), '');
      const component = from('source.component', 'reportingComponent');
      const host = from('source.host', 'reportingInstance');
      return host === '' ? component : `${component}, ${host}`;
    }),
    column('Message', (object) => asText(fieldAt(object, 'message'), '').trim()),
    wide('First Seen', (object, now) => elapsed(firstSeen(object), now)),
    wide('Count', countOf),
    { ...nameColumn, priority: 1 },
  ],
  applyDefaults: (draft) => {
    // What Go's encoder tells of an event whether it was said or not.
    member(draft, 'source');
    fill(draft, 'firstTimestamp', null);
    fill(draft, 'lastTimestamp', null);
    fill(draft, 'eventTime', null);
    fill(draft, 'reportingComponent', '');
    fill(draft, 'reportingInstance', '');
  },
  validate: eventErrors,
});
