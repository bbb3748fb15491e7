import { keepLeast } from './expander.js';
import type { Expander } from './expander.js';

/** Keeps those that take fewest nodes; the score is their number (expander `least-nodes`). */
export const leastNodes: Expander = {
  name: 'least-nodes',
  filter: (options) => keepLeast(options, ({ nodes }) => (nodes > 0 ? nodes : undefined)),
};
