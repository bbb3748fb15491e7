import { isOutsideZones } from '../../kube/index.js';
import type { Plugin } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';
import { demandOf } from './volume-demand.js';

const name = 'VolumeZone';
const elsewhere = unresolvable(name, 'node(s) had no available volume zone');

/** Keeps a pod in the zones that its volumes are labelled with. */
export const volumeZone: Plugin = {
  name,
  dependsOn: 'objects',
  wakesOn: (event) =>
    (event.kind === 'objects changed' && event.of === 'volumes') ||
    event.kind === 'node added' ||
    event.kind === 'pod removed',
  compile: (subject, context) => {
    const demand = demandOf(subject, context);
    if (demand?.kind !== 'demand') return undefined;
    return { filter: ({ node }) => (node && isOutsideZones(demand, node) ? elsewhere : undefined) };
  },
};
