import { exceedsVolumeLimits } from '../../kube/index.js';
import type { Plugin } from '../framework/plugin.js';
import { unschedulable } from '../framework/refusal.js';
import { demandOf } from './volume-demand.js';

const name = 'NodeVolumeLimits';
const full = unschedulable(name, 'node(s) exceed max volume count');

/** Keeps a pod off nodes that can't take its disks beside those they have. */
export const nodeVolumeLimits: Plugin = {
  name,
  dependsOn: 'objects',
  wakesOn: (event) =>
    (event.kind === 'objects changed' && event.of === 'volumes') ||
    event.kind === 'node added' ||
    event.kind === 'pod removed',
  compile: (subject, context) => {
    const demand = demandOf(subject, context);
    if (demand?.kind !== 'demand') return undefined;
    const { reader, cluster } = context;
    return {
      filter: ({ node }) => (node && exceedsVolumeLimits(reader, cluster, demand, node) ? full : undefined),
    };
  },
};
