import { after } from '../../../units/index.js';
import type { Instant } from '../../../units/index.js';
import type { CoolDown } from './explanation.js';
import type { Scene } from './scene.js';
import { momentText, spanText } from './words.js';

/** What nodes are kept for, as some came, went or failed to go not long ago: the cause that holds longest; undefined when none does. */
export function coolDownOf({
  memory,
  options,
  now,
}: Scene): { readonly ends: Instant; readonly finding: CoolDown } | undefined {
  if (!memory) return undefined;
  const causes = [
    { cause: 'nodes were added', at: memory.lastScaleUp, delay: options.scaleDownDelayAfterAdd },
    { cause: 'nodes were deleted', at: memory.lastDeletion, delay: options.scaleDownDelayAfterDelete },
    { cause: 'a deletion failed', at: memory.lastFailure, delay: options.scaleDownDelayAfterFailure },
  ] as const;
  const [longest] = causes
    .map((one) => ({ ...one, until: after(one.at, one.delay) }))
    .filter(({ until }) => until > now)
    .sort((a, b) => b.until - a.until);
  if (!longest) return undefined;
  const { cause, at, delay, until } = longest;
  const finding: CoolDown = {
    until: momentText(until),
    cause,
    at: momentText(at),
    text: `No node is taken away before ${momentText(until)}, ${spanText(delay)} after ${cause}.`,
  };
  return { ends: until, finding };
}
