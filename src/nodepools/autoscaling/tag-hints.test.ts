import { expect, test } from 'vitest';
import { minutes, seconds } from '../../units/index.js';
import { groupOptions, labelHints, resourceHints, taintHints } from './tag-hints.js';

const hint = (name: string): string => `k8s.io_cluster-autoscaler_node-template_${name}`;

test.each([
  ['team', 'team'],
  ['example.com_team', 'example.com/team'],
  ['example.com_my~2team', 'example.com/my_team'],
])('a label tag %s is the label %s', (name, label) => {
  expect(labelHints({ [hint(`label_${name}`)]: 'a', [name]: 'b' })).toEqual({ [label]: 'a' });
});

test.each([
  ['gpu:NoSchedule', [{ key: 'example.com/sku', value: 'gpu', effect: 'NoSchedule' }]],
  [':NoExecute', [{ key: 'example.com/sku', effect: 'NoExecute' }]],
  ['a:PreferNoSchedule', [{ key: 'example.com/sku', value: 'a', effect: 'PreferNoSchedule' }]],
  ['gpu:Never', []],
  ['gpu', []],
])('a taint tag of %j is %j', (value, taints) => {
  expect(taintHints({ [hint('taint_example.com_sku')]: value })).toEqual(taints);
});

test.each([
  ['4', { 'example.com/widget': '4' }],
  ['1Gi', { 'example.com/widget': '1Gi' }],
  ['many', {}],
])('a resource tag of %j is %j', (value, resources) => {
  expect(resourceHints({ [hint('resources_example.com_widget')]: value })).toEqual(resources);
});

test.each([
  ['scaledownutilizationthreshold', '0.7', { scaleDownUtilizationThreshold: 0.7 }],
  ['scaledowngpuutilizationthreshold', '1', { scaleDownGpuUtilizationThreshold: 1 }],
  ['scaledownunneededtime', '1m30s', { scaleDownUnneededTime: seconds(90) }],
  ['scaledownunreadytime', '20m', { scaleDownUnreadyTime: minutes(20) }],
  ['scaledownutilizationthreshold', 'half', {}],
  ['scaledownutilizationthreshold', '', {}],
  ['scaledownunneededtime', '10', {}],
  ['ScaleDownUnneededTime', '10m', {}],
  ['maxnodeprovisiontime', '10m', {}],
])('the option %s of %j is %j', (name, value, options) => {
  expect(groupOptions({ [hint(`autoscaling-options_${name}`)]: value })).toEqual(options);
});
