import type { Transaction } from '../../store/index.js';
import type { WriteContext } from '../api/index.js';
import type { Duration, Instant } from '../../units/index.js';
import { after, instant } from '../../units/index.js';
import { toKubeTime } from '../kube-time.js';
import { events, hourTerm, sourceTerm } from '../kinds/index.js';
import { membersOf } from '../object.js';
import type { JsonObject, KubeObject } from '../object.js';
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
  /** The same is not told again within this span. */
  readonly quietFor?: Duration;
  /** How much may be told of an object before nobody listens any more. Default: 25. */
  readonly burst?: number;
}

const hour = 3_600_000;
/** Hours back in which events are looked for that have had their time (API server: event TTL of an hour). */
const lookBack = 24;
/** A component that says more than this about one object is not listened to (client-go: spam filter; refill left out). */
const defaultBurst = 25;

/**
 * Records an event on an object; the same one again only counts it.
 *
 * @returns when it was told of last: now, unless it is to be kept quiet about for a while
 */
export function recordEvent(
  tx: Transaction,
  { clock }: WriteContext,
  cluster: string,
  object: KubeObject,
  { type, reason, message, component, host, fieldPath, quietFor, burst = defaultBurst }: EventNote,
): Instant {
  const { name, namespace, uid } = object.metadata;
  const now = toKubeTime(clock.now());
  const told = tx.findEntries(events.collection, 'bySource', sourceTerm(cluster, uid, component));
  const known = told.find(({ value }) => {
    const event = membersOf(value.object) as unknown as CoreEvent;
    const isSame = event.reason === reason && event.message === message;
    return isSame && event.involvedObject.fieldPath === fieldPath;
  });
  if (known) {
    const { count, lastTimestamp } = membersOf(known.value.object) as {
      count?: number;
      lastTimestamp: string;
    };
    const last = instant(Date.parse(lastTimestamp));
    if (quietFor !== undefined && clock.now() < after(last, quietFor)) return last;
    const counted = { ...known.value.object, count: (count ?? 1) + 1, lastTimestamp: now };
    tx.put(events.collection, known.key, { ...known.value, object: counted });
    return clock.now();
  }
  sweep(tx, cluster, clock.now());
  if (told.length >= burst) return clock.now();
  const eventNamespace = namespace ?? 'default';
  // Names go by time, as client-go's do, so that a list of them is in order.
  let stamp = stampOf(clock.now());
  let eventName = `${name}.${stamp.digits}`;
  let key = objectKey(cluster, eventNamespace, eventName);
  for (let later = 1n; tx.get(events.collection, key); later += 1n) {
    stamp = laterStamp(clock.now(), later);
    eventName = `${name}.${stamp.digits}`;
    key = objectKey(cluster, eventNamespace, eventName);
  }
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: eventName,
      namespace: eventNamespace,
      uid: uidOf(uid, stamp),
      creationTimestamp: now,
    },
    involvedObject: involved(object, fieldPath),
    reason,
    message,
    source: sourceOf(component, host),
    reportingComponent: component,
    reportingInstance: host ?? '',
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type,
    eventTime: null,
  };
  tx.put(events.collection, key, { cluster, object: event });
  return clock.now();
}

/** The object that an event is about. Most have a namespace and are told of as a whole: written out, it takes the least room. */
function involved({ kind, apiVersion, metadata }: KubeObject, fieldPath: string | undefined): JsonObject {
  const { namespace, name, uid } = metadata;
  if (namespace !== undefined && fieldPath === undefined) return { kind, namespace, name, uid, apiVersion };
  return {
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    apiVersion,
    ...(fieldPath !== undefined && { fieldPath }),
  };
}

/** What tells an event from others of its object. */
interface Stamp {
  /** Nanoseconds since the epoch in sixteen hexadecimal digits. */
  readonly digits: string;
  /** The same within a uid, where they take the place of its middle. */
  readonly inUid: string;
}

function makeStamp(nanoseconds: bigint): Stamp {
  const digits = nanoseconds.toString(16).padStart(16, '0');
  const groups = [digits.slice(0, 4), `4${digits.slice(4, 7)}`, `8${digits.slice(7, 10)}`, digits.slice(10)];
  return { digits, inUid: groups.join('-') };
}

/** The last moment's stamp: events come in bursts. */
let lastStamp: { readonly moment: number; readonly stamp: Stamp } | undefined;

function stampOf(moment: number): Stamp {
  if (lastStamp?.moment !== moment) lastStamp = { moment, stamp: laterStamp(moment, 0n) };
  return lastStamp.stamp;
}

const laterStamp = (moment: number, by: bigint): Stamp => makeStamp(BigInt(moment) * 1_000_000n + by);

/** The last source that was told: all events of a burst have one. */
let lastSource: { readonly component: string; readonly host?: string } = { component: '' };

function sourceOf(component: string, host: string | undefined): typeof lastSource {
  if (lastSource.component !== component || lastSource.host !== host)
    lastSource = { component, ...(host !== undefined && { host }) };
  return lastSource;
}

/** Drops the events of the hours before the last, with the first event of an hour. */
function sweep(tx: Transaction, cluster: string, now: number): void {
  const current = Math.floor(now / hour);
  if (tx.count(events.collection, 'byHour', hourTerm(cluster, current)) > 0) return;
  for (let past = current - 2; past > current - lookBack; past -= 1) {
    const term = hourTerm(cluster, past);
    if (tx.count(events.collection, 'byHour', term) === 0) continue;
    for (const { key } of tx.findEntries(events.collection, 'byHour', term))
      tx.delete(events.collection, key);
  }
}

/** An event's uid, from its object's and its stamp. */
const uidOf = (uid: string, { inUid }: Stamp): string =>
  `${uid.slice(0, 8).padEnd(8, '0')}-${inUid}${uid.slice(-6).padEnd(6, '0')}`;

/** The members of an event that tell it from others of its source. */
interface CoreEvent {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly fieldPath?: string };
}
