import { bindingAgainst } from '../../kube/index.js';
import type { Plugin } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';
import { demandOf } from './volume-demand.js';

const name = 'VolumeBinding';

/** Puts a pod where its volumes are, or where they can be made. */
export const volumeBinding: Plugin = {
  name,
  dependsOn: 'objects',
  wakesOn: (event) =>
    (event.kind === 'objects changed' && event.of === 'volumes') ||
    event.kind === 'node added' ||
    event.kind === 'pod removed',
  compile: (subject, context) => {
    const demand = demandOf(subject, context);
    if (!demand || demand.kind === 'none') return undefined;
    if (demand.kind === 'refused') return { rejection: unresolvable(name, demand.reason) };
    const { reader, cluster } = context;
    return {
      filter: ({ node }) => {
        const reasons = node ? bindingAgainst(reader, cluster, demand, node) : [];
        return reasons.length > 0 ? unresolvable(name, ...reasons) : undefined;
      },
    };
  },
};
