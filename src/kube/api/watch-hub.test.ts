import { expect, test } from 'vitest';
import { SimClock } from '../../sim/index.js';
import { Store } from '../../store/index.js';
import type { Revision } from '../../store/index.js';
import { instant } from '../../units/index.js';
import { configMaps } from '../kinds/index.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import { compileSelection } from './reads.js';
import { StatusError } from './status-error.js';
import { WatchHub } from './watch-hub.js';

const clock = new SimClock({ start: instant(0), mode: { kind: 'paused' } });
const scope = { cluster: 'c', namespace: 'n' };
const open = (history?: number) =>
  Store.open({
    now: () => instant(0),
    collections: [configMaps.collection],
    ...(history !== undefined && { history }),
  });

const put = (store: Store, name: string, labels: Record<string, string> = {}, place = scope): void => {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: place.namespace, uid: name, creationTimestamp: '', labels },
  };
  const key = objectKey(place.cluster, place.namespace, name);
  store.transact((tx) => tx.put(configMaps.collection, key, { cluster: place.cluster, object }));
};
const drop = (store: Store, name: string): void =>
  store.transact(
    (tx) => void tx.delete(configMaps.collection, objectKey(scope.cluster, scope.namespace, name)),
  );

function follow(store: Store, hub: WatchHub, labelSelector = '', from = store.revision) {
  const seen: string[] = [];
  const matches = compileSelection(configMaps, { labelSelector });
  const watch = hub.subscribe(configMaps, scope, matches, from, (type, change) => {
    seen.push(`${type} ${change.object.metadata.name}@${change.object.metadata.resourceVersion ?? ''}`);
  });
  return { seen, watch };
}

test('a watch tells every change of its kind and namespace, with its revision', () => {
  const store = open();
  const { seen, watch } = follow(store, new WatchHub({ store, clock }));
  put(store, 'a');
  put(store, 'a', { x: '1' });
  put(store, 'b', {}, { cluster: 'c', namespace: 'other' });
  put(store, 'b', {}, { cluster: 'other', namespace: 'n' });
  drop(store, 'a');
  watch.close();
  put(store, 'z');
  expect(seen).toEqual(['ADDED a@1', 'MODIFIED a@2', 'DELETED a@5']);
});

test('what enters a selection is added to it, what leaves it is deleted from it', () => {
  const store = open();
  const { seen } = follow(store, new WatchHub({ store, clock }), 'in=yes');
  put(store, 'a');
  put(store, 'a', { in: 'yes' });
  put(store, 'a', { in: 'yes', other: '1' });
  put(store, 'a', { in: 'no' });
  drop(store, 'a');
  expect(seen).toEqual(['ADDED a@2', 'MODIFIED a@3', 'DELETED a@4']);
});

test('a watch from a revision tells what has happened since, once', () => {
  const store = open();
  const hub = new WatchHub({ store, clock });
  for (const name of ['a', 'b', 'c']) put(store, name);
  const { seen } = follow(store, hub, '', 1 as Revision);
  put(store, 'd');
  expect(seen).toEqual(['ADDED b@2', 'ADDED c@3', 'ADDED d@4']);
});

test('a watch from a revision to come tells what happens after it', () => {
  const store = open();
  const { seen } = follow(store, new WatchHub({ store, clock }), '', 3 as Revision);
  for (const name of ['a', 'b', 'c', 'd']) put(store, name);
  expect(seen).toEqual(['ADDED d@4']);
});

test('a revision that is no longer kept has expired', () => {
  const store = open(2);
  const hub = new WatchHub({ store, clock });
  for (let count = 0; count < 10; count += 1) put(store, 'a', { count: String(count) });
  expect(() => follow(store, hub, '', 1 as Revision)).toThrow(
    expect.objectContaining({ code: 410, message: 'too old resource version: 1 (10)' }) as StatusError,
  );
});

test('an event is made once for all who watch', () => {
  const store = open();
  const hub = new WatchHub({ store, clock });
  const lines: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    hub.subscribe(configMaps, scope, undefined, store.revision, (type, change) =>
      lines.push(change.line(type)),
    );
  }
  put(store, 'a');
  expect(lines.length).toBe(3);
  expect(new Set(lines).size).toBe(1);
});
