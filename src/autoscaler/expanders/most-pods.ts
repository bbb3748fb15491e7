import { keepLeast } from './expander.js';
import type { Expander } from './expander.js';

/** Keeps those that help most pods; the score is their number (expander `most-pods`). */
export const mostPods: Expander = {
  name: 'most-pods',
  filter: (options) => ({
    kept: keepLeast(options, ({ pods }) => -pods.length).kept,
    score: ({ pods }) => pods.length,
  }),
};
