import { poolTarget, refusal } from '../refusal.js';
import { always } from './rule.js';
import { parseTaint } from './taint-syntax.js';

const target = poolTarget('nodeTaints');

/** Syntax of node taints (AKS: node taints). What a System pool may carry is a rule of modes. */
export const taintRules = [
  always('taint syntax', ({ pool }) => {
    const wrong = pool.nodeTaints?.find((taint) => !parseTaint(taint));
    if (wrong === undefined) return undefined;
    return refusal(
      'InvalidParameter',
      `Invalid node taint: ${wrong}. Each of ${target} is key=value:effect, with effect NoSchedule, PreferNoSchedule ` +
        `or NoExecute.`,
      target,
    );
  }),
  always('a taint once per key and effect', ({ pool }) => {
    const seen = new Set<string>();
    for (const text of pool.nodeTaints ?? []) {
      const taint = parseTaint(text);
      const id = `${taint?.key}:${taint?.effect}`;
      if (seen.has(id)) {
        return refusal(
          'InvalidParameter',
          `Invalid node taint: ${text}. ${target} has two taints of key '${taint?.key}' and effect ${taint?.effect}.`,
          target,
        );
      }
      seen.add(id);
    }
    return undefined;
  }),
];
