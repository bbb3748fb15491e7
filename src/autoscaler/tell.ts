import { recordEvent } from '../kube/index.js';
import type { KubeObject } from '../kube/index.js';
import type { Instant } from '../units/index.js';
import { after, minutes } from '../units/index.js';
import { component } from './cloud.js';
import { statusObject } from './status/status-object.js';
import type { Scene } from './turn.js';

/** Where something is told. */
export type Telling = Pick<Scene, 'tx' | 'context' | 'cluster'>;

type EventType = 'Normal' | 'Warning';

/** Equal events within this are one (cluster autoscaler: event deduplication). */
const quiet = minutes(5);

/** Tells something of an object; when the same may be told again. */
export function tell(
  { tx, context, cluster }: Telling,
  object: KubeObject,
  type: EventType,
  reason: string,
  message: string,
): Instant {
  const told = recordEvent(tx, context, cluster, object, {
    type,
    reason,
    message,
    component,
    quietFor: quiet,
  });
  return after(told, quiet);
}

/** Tells something of a node, which may be gone by now. */
export function tellOfNode(
  telling: Telling,
  { node: name, uid }: { readonly node: string; readonly uid: string },
  type: EventType,
  reason: string,
  message: string,
): void {
  const metadata = { name, uid, creationTimestamp: '' };
  tell(telling, { apiVersion: 'v1', kind: 'Node', metadata }, type, reason, message);
}

/** Tells something of the autoscaler itself, on its status ConfigMap; when the same may be told again. */
export function tellOfStatus(
  { tx, context, cluster }: Telling,
  type: EventType,
  reason: string,
  message: string,
): Instant {
  const note = { type, reason, message, component, quietFor: quiet };
  // Unlike other objects, this one is told of by what is said (cluster autoscaler: event spam filter).
  const told = recordEvent(tx, context, cluster, statusObject(tx, cluster), { ...note, burst: Infinity });
  return after(told, quiet);
}
