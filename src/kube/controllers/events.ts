import { createHash } from 'node:crypto';
import type { Transaction } from '../../store/index.js';
import type { WriteContext } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import { events, hourTerm, sourceTerm } from '../kinds/index.js';
import { membersOf } from '../object.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';

/** Something worth telling about an object (core/v1 Event). */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who tells it, e.g. `replicaset-controller`. */
  readonly component: string;
  readonly host?: string;
  /** The part of the object that it is about, e.g. `spec.containers{web}`. */
  readonly fieldPath?: string;
}

const hour = 3_600_000;
/** Hours back in which events are looked for that have had their time (API server: event TTL of an hour). */
const lookBack = 24;
/** A component that says more than this about one object is not listened to (client-go: spam filter; refill left out). */
const burst = 25;

/** Records an event on an object; the same one again only counts it. */
export function recordEvent(
  tx: Transaction,
  { clock }: WriteContext,
  cluster: string,
  object: KubeObject,
  { type, reason, message, component, host, fieldPath }: EventNote,
): void {
  const { name, namespace, uid } = object.metadata;
  const now = toKubeTime(clock.now());
  const hash = createHash('sha256')
    .update(`${uid}/${reason}/${message}/${component}${fieldPath ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  const eventNamespace = namespace ?? 'default';
  const eventName = `${name}.${hash}`;
  const key = objectKey(cluster, eventNamespace, eventName);
  const known = tx.get(events.collection, key);
  if (known) {
    const { count } = membersOf(known.object) as { count?: number };
    const counted = { ...known.object, count: (count ?? 1) + 1, lastTimestamp: now };
    tx.put(events.collection, key, { ...known, object: counted });
    return;
  }
  sweep(tx, cluster, clock.now());
  if (tx.count(events.collection, 'bySource', sourceTerm(cluster, uid, component)) >= burst) return;
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName, namespace: eventNamespace, uid: uidOf(hash), creationTimestamp: now },
    involvedObject: {
      kind: object.kind,
      ...(namespace !== undefined && { namespace }),
      name,
      uid,
      apiVersion: object.apiVersion,
      ...(fieldPath !== undefined && { fieldPath }),
    },
    reason,
    message,
    source: { component, ...(host !== undefined && { host }) },
    reportingComponent: component,
    reportingInstance: host ?? '',
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type,
    eventTime: null,
  };
  tx.put(events.collection, key, { cluster, object: event });
}

/** Drops the events of the hours before the last. */
function sweep(tx: Transaction, cluster: string, now: number): void {
  const current = Math.floor(now / hour);
  for (let past = current - 2; past > current - lookBack; past -= 1) {
    const term = hourTerm(cluster, past);
    if (tx.count(events.collection, 'byHour', term) === 0) continue;
    for (const { key } of tx.findEntries(events.collection, 'byHour', term))
      tx.delete(events.collection, key);
  }
}

const uidOf = (hash: string): string =>
  `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(12, 15)}-8${hash.slice(0, 3)}-${hash.slice(3, 15)}`;
