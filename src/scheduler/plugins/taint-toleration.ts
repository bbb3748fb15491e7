import { tolerates, untolerated } from '../../kube/index.js';
import type { KubeNode, Taint, Toleration } from '../../kube/index.js';
import { normalizeReversed } from '../framework/normalize.js';
import type { Plugin } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';

const name = 'TaintToleration';

/** Keeps pods off taints that they don't tolerate, and prefers nodes with fewer soft taints that they don't tolerate. */
export const taintToleration: Plugin = {
  name,
  dependsOn: 'node',
  weight: 3,
  wakesOn: (event, { pod }) => {
    if (event.kind !== 'node added' && event.kind !== 'node updated') return false;
    const isKeptOff = (node: KubeNode): boolean => untolerated(node, pod.spec) !== undefined;
    return (event.kind === 'node added' || isKeptOff(event.before)) && !isKeptOff(event.after);
  },
  compile: ({ pod: { spec } }, { features }) => {
    const refusals = new Map<string, Refusal>();
    const refusalOf = (taint: Taint): Refusal => {
      const text = reasonOf(taint, features.taintText);
      const refusal = refusals.get(text) ?? unresolvable(name, text);
      refusals.set(text, refusal);
      return refusal;
    };
    const soft = (spec.tolerations ?? []).filter(
      ({ effect }) => effect === undefined || effect === 'PreferNoSchedule',
    );
    return {
      filter: ({ node }) => {
        const taint = node?.spec.taints && untolerated(node, spec);
        return taint && refusalOf(taint);
      },
      scorer: () => ({
        score: ({ node }) => (node?.spec.taints ? softTaints(node, soft) : 0),
        normalize: normalizeReversed,
      }),
    };
  },
};

const reasonOf = ({ key, value = '' }: Taint, text: 'names-taint' | 'counts-nodes'): string =>
  text === 'names-taint'
    ? `node(s) had untolerated taint {${key}: ${value}}`
    : 'node(s) had untolerated taint(s)';

const softTaints = (node: KubeNode, tolerations: readonly Toleration[]): number =>
  (node.spec.taints ?? []).filter(
    (taint) =>
      taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  ).length;
