import type { Pod } from '../../kube/index.js';
import type { Plugin } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';

const name = 'SchedulingGates';

/** Keeps a pod out of the queue while it has gates; lifting the last one lets it in. */
export const schedulingGates: Plugin = {
  name,
  dependsOn: 'node',
  gate: ({ spec: { schedulingGates: gates = [] } }: Pod): Refusal | undefined =>
    gates.length === 0
      ? undefined
      : unresolvable(name, `waiting for scheduling gates: [${gates.map((gate) => gate.name).join(' ')}]`),
  compile: () => undefined,
};
