import { coolDownOf } from '../../../autoscaler/index.js';
import type { Instant } from '../../../units/index.js';
import type { CoolDown } from './explanation.js';
import type { Scene } from './scene.js';
import { momentText, spanText } from './words.js';

const causes = {
  'scale-up': 'nodes were added',
  deletion: 'nodes were deleted',
  failure: 'a deletion failed',
} as const;

/** What nodes are kept for, as some came, went or failed to go not long ago: the cause that holds longest; undefined when none does. */
export function coolDownFinding({
  memory,
  options,
  now,
}: Scene): { readonly ends: Instant; readonly finding: CoolDown } | undefined {
  if (!memory) return undefined;
  const longest = coolDownOf(memory, now, options);
  if (!longest) return undefined;
  const { at, delay, until } = longest;
  const cause = causes[longest.after];
  const finding: CoolDown = {
    until: momentText(until),
    cause,
    at: momentText(at),
    text: `No node is taken away before ${momentText(until)}, ${spanText(delay)} after ${cause}.`,
  };
  return { ends: until, finding };
}
