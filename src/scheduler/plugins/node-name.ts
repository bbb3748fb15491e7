import type { Plugin } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';

const name = 'NodeName';
const refusal = unresolvable(name, "node(s) didn't match the requested node name");

/** A pod that names its node goes there alone. Such pods pass the scheduler by: it is asked of them in what-if questions. */
export const nodeName: Plugin = {
  name,
  dependsOn: 'node',
  wakesOn: ({ kind }) => kind === 'node added',
  compile: ({ pod }) => {
    const { nodeName: wanted } = pod.spec;
    if (!wanted) return undefined;
    return { filter: (node) => (node.name === wanted ? undefined : refusal) };
  },
};
