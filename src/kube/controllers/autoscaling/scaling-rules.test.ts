import { describe, expect, test } from 'vitest';
import { instant } from '../../../units/index.js';
import type { Autoscaler, ScalingPolicy, ScalingRules } from './autoscaler.js';
import { noHistory, withRecommendation, withScaling } from './history.js';
import { decide, downLimit, upLimit } from './scaling-rules.js';

const at = (second: number) => instant(second * 1000);
const autoscaler = (behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules }, limits: object = {}) =>
  ({ spec: { minReplicas: 1, maxReplicas: 100, ...limits, ...(behavior && { behavior }) } }) as Autoscaler;
const pods = (value: number, periodSeconds: number): ScalingPolicy => ({
  type: 'Pods',
  value,
  periodSeconds,
});
const percent = (value: number, periodSeconds: number): ScalingPolicy => ({
  type: 'Percent',
  value,
  periodSeconds,
});

describe('without a behaviour', () => {
  test.each<[number, number, object, number, string | undefined]>([
    // current, recommended, limits   replicas, limited by
    [1, 10, {}, 4, 'ScaleUpLimit'],
    [3, 10, {}, 6, 'ScaleUpLimit'],
    [10, 15, {}, 15, undefined],
    [10, 15, { maxReplicas: 12 }, 12, 'TooManyReplicas'],
    [3, 0, { minReplicas: 2 }, 2, 'TooFewReplicas'],
  ])(
    '%i pods for which %i are recommended, within %j, become %i: %s',
    (current, recommended, limits, replicas, reason) => {
      const found = decide(autoscaler(undefined, limits), noHistory, current, recommended, at(1000));
      expect([found.replicas, found.limited?.reason]).toEqual([replicas, reason]);
    },
  );

  test('it goes down to the highest recommendation of five minutes', () => {
    let history = withRecommendation(noHistory, 8, 300_000, at(0));
    history = withRecommendation(history, 3, 300_000, at(60));
    expect(decide(autoscaler(), history, 8, 3, at(344))).toMatchObject({
      replicas: 8,
      stabilized: { reason: 'ScaleDownStabilized' },
    });
    // The last look that recommended 8 was at 45 s.
    expect(decide(autoscaler(), history, 8, 3, at(345))).toMatchObject({
      replicas: 3,
      stabilized: undefined,
    });
  });
});

describe('policies', () => {
  const grown = withScaling(noHistory, 4, 10, at(50));
  const shrunk = withScaling(noHistory, 10, 6, at(50));

  test.each<[string, ScalingRules, typeof grown, number, number]>([
    ['pods', { policies: [pods(4, 60)] }, noHistory, 10, 14],
    ['pods, those added within the period counted', { policies: [pods(4, 60)] }, grown, 10, 8],
    ['pods, those added before the period not', { policies: [pods(4, 10)] }, grown, 10, 14],
    ['a percentage, rounded up', { policies: [percent(10, 60)] }, noHistory, 11, 13],
    ['the one that allows most', { policies: [pods(4, 60), percent(100, 60)] }, noHistory, 10, 20],
    [
      'the one that allows least',
      { selectPolicy: 'Min', policies: [pods(4, 60), percent(100, 60)] },
      noHistory,
      10,
      14,
    ],
    ['none', { selectPolicy: 'Disabled', policies: [pods(4, 60)] }, noHistory, 10, 10],
  ])('let a set grow by %s', (_case, rules, history, current, limit) => {
    expect(upLimit(rules, history, current, at(100))).toBe(limit);
  });

  test.each<[string, ScalingRules, typeof grown, number, number]>([
    ['pods', { policies: [pods(4, 60)] }, noHistory, 10, 6],
    ['pods, those removed within the period counted', { policies: [pods(5, 60)] }, shrunk, 6, 5],
    ['a percentage, rounded down', { policies: [percent(10, 60)] }, noHistory, 15, 13],
    ['the one that allows most', { policies: [pods(1, 60), percent(50, 60)] }, noHistory, 10, 5],
    [
      'the one that allows least',
      { selectPolicy: 'Min', policies: [pods(1, 60), percent(50, 60)] },
      noHistory,
      10,
      9,
    ],
    ['none', { selectPolicy: 'Disabled' }, noHistory, 10, 10],
  ])('let a set shrink by %s', (_case, rules, history, current, limit) => {
    expect(downLimit(rules, history, current, at(100))).toBe(limit);
  });

  test('hold back what grows or shrinks too fast, in so many words', () => {
    const slow = {
      scaleUp: { policies: [pods(1, 60)] },
      scaleDown: { stabilizationWindowSeconds: 0, policies: [pods(1, 60)] },
    };
    expect(decide(autoscaler(slow), noHistory, 5, 9, at(100))).toMatchObject({
      replicas: 6,
      limited: { reason: 'ScaleUpLimit' },
    });
    expect(decide(autoscaler(slow), noHistory, 5, 1, at(100))).toMatchObject({
      replicas: 4,
      limited: { reason: 'ScaleDownLimit' },
    });
  });

  test('a window upwards applies the lowest recommendation', () => {
    const behavior = { scaleUp: { stabilizationWindowSeconds: 60 }, scaleDown: {} };
    const history = withRecommendation(noHistory, 4, 300_000, at(90));
    expect(decide(autoscaler(behavior), history, 4, 8, at(105))).toMatchObject({
      replicas: 4,
      stabilized: { reason: 'ScaleUpStabilized' },
    });
  });
});
