import type { Plugin } from '../framework/plugin.js';
import { unschedulable } from '../framework/refusal.js';

const name = 'NodePorts';
const refusal = unschedulable(name, "node(s) didn't have free ports for the requested pod ports");

/** Keeps a pod off nodes where another has a host port that it wants. */
export const nodePorts: Plugin = {
  name,
  dependsOn: 'node',
  wakesOn: (event, { info }) =>
    event.kind === 'node added' ||
    (event.kind === 'pod removed' &&
      event.info.shape.hostPorts.some(({ protocol, port }) =>
        info.shape.hostPorts.some((wanted) => wanted.protocol === protocol && wanted.port === port),
      )),
  compile: ({ info: { shape } }) =>
    shape.hostPorts.length === 0
      ? undefined
      : { filter: ({ ports }) => (ports.clashesWith(shape.hostPorts) ? refusal : undefined) },
};
