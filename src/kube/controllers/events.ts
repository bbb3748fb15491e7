import { createHash } from 'node:crypto';
import type { Transaction } from '../../store/index.js';
import type { WriteContext } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import { events } from '../kinds/index.js';
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
}

/** Events are kept for an hour (API server: event TTL). */
const timeToLive = 3_600_000;
/** Old ones are looked for once a cluster has so many. */
const sweepFrom = 1_000;

/** Records an event on an object; the same one again only counts it. */
export function recordEvent(
  tx: Transaction,
  { clock }: WriteContext,
  cluster: string,
  object: KubeObject,
  { type, reason, message, component, host }: EventNote,
): void {
  const { name, namespace, uid } = object.metadata;
  const now = toKubeTime(clock.now());
  const hash = createHash('sha256')
    .update(`${uid}/${reason}/${message}/${component}`)
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
  if (tx.count(events.collection, 'byCluster', cluster) >= sweepFrom)
    sweep(tx, cluster, clock.now() - timeToLive);
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

function sweep(tx: Transaction, cluster: string, before: number): void {
  for (const { key, value } of tx.findEntries(events.collection, 'byCluster', cluster)) {
    const { lastTimestamp } = membersOf(value.object) as { lastTimestamp?: string };
    if (lastTimestamp !== undefined && Date.parse(lastTimestamp) < before) tx.delete(events.collection, key);
  }
}

const uidOf = (hash: string): string =>
  `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(12, 15)}-8${hash.slice(0, 3)}-${hash.slice(3, 15)}`;
