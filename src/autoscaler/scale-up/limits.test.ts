import { expect, test } from 'vitest';
import { autoscalerFeatures } from '../features.js';
import { defaultOptions } from '../options.js';
import { limitReason, roomWithinLimits, spareAbove } from './limits.js';

const gibibyte = 1024 ** 3;
const perNode = { cpu: 4, memory: 16 * gibibyte };
const within = (cpu: number, memory: number) => ({
  ...defaultOptions(34),
  coresTotal: { min: 8, max: cpu },
  memoryTotal: { min: 0, max: memory * gibibyte },
});

test.each([
  ['cores', 20, 1000, { nodes: 2, bound: [] }],
  ['memory', 1000, 64, { nodes: 1, bound: [] }],
  ['cores that are all used', 12, 1000, { nodes: 0, bound: ['cpu'] }],
  ['cores and memory', 15, 50, { nodes: 0, bound: ['cpu', 'memory'] }],
])('a cluster of 12 cores and 48 GiB grows within its %s', (_name, cpu, memory, expected) => {
  expect(roomWithinLimits({ cpu: 12, memory: 48 * gibibyte }, perNode, within(cpu, memory))).toEqual(
    expected,
  );
});

test('a cluster shrinks to its least cores', () => {
  expect(spareAbove({ cpu: 17, memory: 48 * gibibyte }, perNode, within(100, 100))).toBe(2);
});

test.each([
  [34, 'max cluster cpu, memory limit reached'],
  [35, 'exceeded quota: "cluster-wide", resources: cpu, memory'],
])('with 1.%d a group that would exceed them is refused in its words', (minor, expected) => {
  expect(limitReason(['cpu', 'memory'], autoscalerFeatures(minor))).toBe(expected);
});
