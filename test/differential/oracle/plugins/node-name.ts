import { refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';

/** A pod that names its node goes nowhere else. */
export const nodeName: Plugin = {
  name: 'NodeName',
  prepare: ({ pod }) => ({
    kind: 'filter',
    filter: ({ name }) =>
      (pod.spec.nodeName ?? '') === '' || pod.spec.nodeName === name
        ? undefined
        : refused('UU', "node(s) didn't match the requested node name"),
  }),
};
