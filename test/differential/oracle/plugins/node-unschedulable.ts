import { refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { tolerates } from '../tolerations.js';

const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

/** A cordoned node takes only pods that tolerate the taint which goes with the cordon. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  prepare: ({ pod }) => ({
    kind: 'filter',
    filter: ({ node }) =>
      node.spec?.unschedulable === true && !pod.spec.tolerations?.some((each) => tolerates(each, cordon))
        ? refused('UU', 'node(s) were unschedulable')
        : undefined,
  }),
};
