import { IndexRanges } from './index-ranges.js';

/** When an indexed job has succeeded before all its indexes have (batch/v1 SuccessPolicy). */
export interface SuccessPolicy {
  readonly rules: readonly { readonly succeededIndexes?: string; readonly succeededCount?: number }[];
}

/** Says which rule is met by the indexes that have succeeded; undefined when none is. */
export function metRule(
  { rules }: SuccessPolicy,
  completions: number,
  succeeded: IndexRanges,
): string | undefined {
  const index = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined)
      return succeededCount !== undefined && succeeded.total >= succeededCount;
    const wanted = IndexRanges.parse(succeededIndexes, completions);
    return wanted.countIn(succeeded) >= (succeededCount ?? wanted.total);
  });
  return index === -1 ? undefined : `Matched rules at index ${String(index)}`;
}
