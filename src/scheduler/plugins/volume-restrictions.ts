import type { Plugin } from '../framework/plugin.js';
import { unschedulable } from '../framework/refusal.js';
import { demandOf } from './volume-demand.js';

const name = 'VolumeRestrictions';
const taken = unschedulable(
  name,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);

/** Keeps a pod from a claim that one pod alone may use while another has it. */
export const volumeRestrictions: Plugin = {
  name,
  dependsOn: 'objects',
  wakesOn: (event) =>
    (event.kind === 'objects changed' && event.of === 'volumes') ||
    event.kind === 'node added' ||
    event.kind === 'pod removed',
  compile: (subject, context) => {
    const demand = demandOf(subject, context);
    return demand?.kind === 'demand' && demand.isTaken ? { filter: () => taken } : undefined;
  },
};
