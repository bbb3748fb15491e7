import { recordEvent } from '../../kube/index.js';
import type { KubeObject, WriteContext } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import { component } from '../cloud.js';
import { statusObject } from '../status/status-object.js';

/** Where something is told. */
export interface Telling {
  readonly tx: Transaction;
  readonly context: WriteContext;
  readonly cluster: string;
}

type EventType = 'Normal' | 'Warning';

/** Tells something of an object. */
export function tell(
  { tx, context, cluster }: Telling,
  object: KubeObject,
  type: EventType,
  reason: string,
  message: string,
): void {
  recordEvent(tx, context, cluster, object, { type, reason, message, component });
}

/** Tells something of a node, which may be gone by now. */
export const tellOfNode = (
  telling: Telling,
  { node: name, uid }: { readonly node: string; readonly uid: string },
  type: EventType,
  reason: string,
  message: string,
): void => {
  const metadata = { name, uid, creationTimestamp: '' };
  tell(telling, { apiVersion: 'v1', kind: 'Node', metadata }, type, reason, message);
};

/** Tells something of the autoscaler itself. */
export const tellOfStatus = (telling: Telling, type: EventType, reason: string, message: string): void =>
  tell(telling, statusObject(telling.tx, telling.cluster), type, reason, message);
