import { tolerates } from '../../kube/index.js';
import type { Taint } from '../../kube/index.js';
import type { Plugin } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';

const name = 'NodeUnschedulable';
const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const refusal = unresolvable(name, 'node(s) were unschedulable');

/** Keeps pods off cordoned nodes unless they tolerate the cordon's taint. */
export const nodeUnschedulable: Plugin = {
  name,
  dependsOn: 'node',
  wakesOn: (event) =>
    (event.kind === 'node added' && event.after.spec.unschedulable !== true) ||
    (event.kind === 'node updated' &&
      event.before.spec.unschedulable === true &&
      event.after.spec.unschedulable !== true),
  compile: ({ pod }) => {
    if ((pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, cordon))) return undefined;
    return { filter: ({ node }) => (node?.spec.unschedulable === true ? refusal : undefined) };
  },
};
