import type { Expander, ExpanderWarning, ExpansionOption } from './expander.js';
import { readPriorities } from './priority-config.js';
import type { Priorities } from './priority-config.js';

/** Lower priorities are as good as none (upstream quirk). */
const lowest = -1;

/**
 * Keeps those of the highest priority, which a ConfigMap gives by expressions on the groups' ids; the score is the priority
 * (expander `priority`). Groups without one are left out, unless none has any. Without a valid ConfigMap all are kept.
 */
export const priority: Expander = {
  name: 'priority',
  filter: (options, { priorities: data }) => {
    if (!data || options.length === 0) return { kept: options };
    const config = readPriorities(data);
    if (config.kind === 'invalid') {
      const warning = { reason: 'PriorityConfigMapInvalid', message: config.message } as const;
      return { kept: options, warnings: [warning] };
    }
    const found = new Map(options.map((option) => [option, priorityOf(option, config.priorities)]));
    const warnings: ExpanderWarning[] = options
      .filter((option) => found.get(option) === undefined)
      .map(unmatched);
    const best = [...found.values()].reduce<number>((most, one = lowest) => Math.max(most, one), lowest);
    const kept = options.filter((option) => found.get(option) === best);
    if (kept.length === 0) return { kept: options, warnings: [...warnings, noneMatched] };
    return { kept, warnings, score: (option) => found.get(option) };
  },
};

/** The highest that a group has an expression of. */
function priorityOf({ group }: ExpansionOption, priorities: Priorities): number | undefined {
  let highest: number | undefined;
  for (const [value, expressions] of priorities) {
    if (highest !== undefined && value <= highest) continue;
    if (expressions.some((expression) => expression.test(group.id))) highest = value;
  }
  return highest;
}

const unmatched = ({ group: { id } }: ExpansionOption): ExpanderWarning => ({
  reason: 'PriorityConfigMapNotMatchedGroup',
  message: `Priority expander: node group ${id} not found in priority expander configuration. The group won't be used.`,
});

const noneMatched: ExpanderWarning = {
  reason: 'PriorityConfigMapNoGroupMatched',
  message:
    'Priority expander: no priorities info found for any of the expansion options. No options filtered.',
};
