import { describe, expect, test } from 'vitest';
import { AzureError } from '../../azure/index.js';
import { checkAutoScalerProfile, effectiveAutoScalerProfile } from './autoscaler-profile.js';

const defaults = {
  'balance-similar-node-groups': 'false',
  'daemonset-eviction-for-empty-nodes': false,
  'daemonset-eviction-for-occupied-nodes': true,
  expander: 'random',
  'ignore-daemonsets-utilization': false,
  'max-empty-bulk-delete': '10',
  'max-graceful-termination-sec': '600',
  'max-node-provision-time': '15m',
  'max-total-unready-percentage': '45',
  'new-pod-scale-up-delay': '0s',
  'ok-total-unready-count': '3',
  'scale-down-delay-after-add': '10m',
  'scale-down-delay-after-delete': '10s',
  'scale-down-delay-after-failure': '3m',
  'scale-down-unneeded-time': '10m',
  'scale-down-unready-time': '20m',
  'scale-down-utilization-threshold': '0.5',
  'scan-interval': '10s',
  'skip-nodes-with-local-storage': 'false',
  'skip-nodes-with-system-pods': 'true',
};

test.each([undefined, {}])('a profile of %j has the defaults of AKS', (profile) => {
  expect(effectiveAutoScalerProfile(profile)).toEqual(defaults);
});

test('the delay after a deletion is the scan interval unless it is set', () => {
  expect(effectiveAutoScalerProfile({ 'scan-interval': '30s' })).toMatchObject({
    'scale-down-delay-after-delete': '30s',
  });
  expect(
    effectiveAutoScalerProfile({ 'scan-interval': '30s', 'scale-down-delay-after-delete': '1m' }),
  ).toMatchObject({ 'scale-down-delay-after-delete': '1m' });
});

const wholeMinutes = { taken: ['0m', '10m', '120m'], refused: ['600s', '1h', '10', '1.5m', '-1m', '', 10] };
const truths = { taken: ['true', 'false'], refused: ['yes', '1', '', true] };
const flags = { taken: [true, false], refused: ['true', 'false', 1] };

describe.each<[string, { readonly taken: readonly unknown[]; readonly refused: readonly unknown[] }]>([
  ['scale-down-delay-after-add', wholeMinutes],
  ['scale-down-delay-after-failure', wholeMinutes],
  ['scale-down-unneeded-time', wholeMinutes],
  ['scale-down-unready-time', wholeMinutes],
  ['max-node-provision-time', wholeMinutes],
  ['scan-interval', { taken: ['10s', '1s', '3600s'], refused: ['0s', '1m', '10', '10 s', '1.5s', 10] }],
  ['scale-down-delay-after-delete', { taken: ['10s', '0s', '5m'], refused: ['1h', '10', ''] }],
  ['new-pod-scale-up-delay', { taken: ['0s', '5m', '1h'], refused: ['10', '1d', '1m30s'] }],
  ['max-graceful-termination-sec', { taken: ['0', '600'], refused: ['600s', '-1', '1.5', 600] }],
  ['ok-total-unready-count', { taken: ['0', '3'], refused: ['-1', 'three', 3] }],
  ['max-empty-bulk-delete', { taken: ['1', '10'], refused: ['0', '-1', '1.5', 10] }],
  ['max-total-unready-percentage', { taken: ['0', '45', '100'], refused: ['101', '-1', '45%', 45] }],
  [
    'scale-down-utilization-threshold',
    { taken: ['0', '0.5', '1', '1.0'], refused: ['1.1', '-0.1', '.5', 0.5] },
  ],
  [
    'expander',
    {
      taken: ['random', 'least-waste', 'most-pods', 'priority'],
      refused: ['price', 'Random', 'priority,random', ''],
    },
  ],
  ['balance-similar-node-groups', truths],
  ['skip-nodes-with-local-storage', truths],
  ['skip-nodes-with-system-pods', truths],
  ['ignore-daemonsets-utilization', flags],
  ['daemonset-eviction-for-empty-nodes', flags],
  ['daemonset-eviction-for-occupied-nodes', flags],
])('%s', (setting, { taken, refused }) => {
  // Values come as any JSON: their types are part of what is checked.
  const check = (value: unknown) => () => checkAutoScalerProfile({ [setting]: value as string });

  test.each(taken.map((value) => [value]))('takes %j', (value) => expect(check(value)).not.toThrow());
  test.each(refused.map((value) => [value]))('refuses %j', (value) => {
    expect(check(value)).toThrow(
      expect.objectContaining({ code: 'InvalidParameter', target: `autoScalerProfile.${setting}` }) as Error,
    );
  });
});

test.each(['scan-intervall', 'scanInterval', 'max-nodes-total', 'toString'])(
  'there is no setting %s',
  (name) => {
    const check = () => checkAutoScalerProfile({ [name]: '10s' });
    expect(check).toThrow(AzureError);
    expect(check).toThrow(`autoScalerProfile.${name}`);
  },
);
