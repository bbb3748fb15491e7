import type { Expander } from './expander.js';

/** Takes any, all with the same chance (expander `random`). */
export const random: Expander = {
  name: 'random',
  filter: (options, { rng }) => ({ kept: options.length > 1 ? [rng.pick(options)] : options }),
};
