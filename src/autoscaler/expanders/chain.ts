import type { ExpanderScore } from '../decisions/decision.js';
import type { ExpanderName } from '../options.js';
import type { Expander, ExpanderContext, ExpanderWarning, ExpansionOption } from './expander.js';
import { leastNodes } from './least-nodes.js';
import { leastWaste } from './least-waste.js';
import { mostPods } from './most-pods.js';
import { price } from './price.js';
import { priority } from './priority.js';
import { random } from './random.js';

const expanders: Readonly<Record<ExpanderName, Expander>> = {
  random,
  'most-pods': mostPods,
  'least-waste': leastWaste,
  'least-nodes': leastNodes,
  price,
  priority,
};

/** A choice among node groups, and how it came about. */
export interface Choice {
  /** Absent when there is no option, or an expander left none. */
  readonly best?: ExpansionOption;
  /** What the expanders that were asked about an option made of it, in their order. */
  readonly scores: ReadonlyMap<ExpansionOption, readonly ExpanderScore[]>;
  readonly warnings: readonly ExpanderWarning[];
}

/**
 * Asks expanders one after the other, each about what the one before left, until one option is left; chance decides among those
 * that all of them keep (cluster autoscaler: chain of expanders).
 */
export function choose(
  names: readonly ExpanderName[],
  options: readonly ExpansionOption[],
  context: ExpanderContext,
): Choice {
  const scores = new Map<ExpansionOption, ExpanderScore[]>(options.map((option) => [option, []]));
  const warnings: ExpanderWarning[] = [];
  let left = options;
  const ask = ({ name, filter }: Expander): void => {
    const filtered = filter(left, context);
    const kept = new Set(filtered.kept);
    warnings.push(...(filtered.warnings ?? []));
    for (const option of left) {
      const score = filtered.score?.(option);
      const entry = { expander: name, kept: kept.has(option), ...(score !== undefined && { score }) };
      scores.get(option)?.push(entry);
    }
    left = filtered.kept;
  };
  // The first is asked even about an only option: it may leave it out.
  for (const name of names) {
    ask(expanders[name]);
    if (left.length <= 1) break;
  }
  if (left.length > 1) ask(random);
  const [best] = left;
  return { scores, warnings, ...(best && { best }) };
}

/** What a list of expanders says. */
export type ParsedExpanders =
  | { readonly kind: 'expanders'; readonly names: readonly ExpanderName[] }
  | { readonly kind: 'refused'; readonly message: string };

const isExpander = (name: string): name is ExpanderName => Object.hasOwn(expanders, name);

/** Reads the names of expanders, e.g. of a comma-separated flag. None may be there twice, and none may follow `random`. */
export function parseExpanders(given: readonly string[]): ParsedExpanders {
  const names: ExpanderName[] = [];
  const refused = (message: string): ParsedExpanders => ({ kind: 'refused', message });
  if (given.length === 0) return refused('At least one expander must be specified');
  for (const name of given) {
    const before = names.at(-1);
    if (names.some((one) => one === name))
      return refused(
        `Expander ${name} was specified multiple times, each expander must not be specified more than once`,
      );
    if (before === 'random')
      return refused(
        `Expander ${name} came after an expander ${before} that will always return only one result, this is not allowed since ${name} will never be used`,
      );
    if (!isExpander(name)) return refused(`Expander ${name} not supported`);
    names.push(name);
  }
  return { kind: 'expanders', names };
}
