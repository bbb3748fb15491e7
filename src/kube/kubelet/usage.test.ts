import { expect, test } from 'vitest';
import { Bench, container, start } from './fixture.js';
import { instant } from '../../units/index.js';
import { containerUsage } from './usage.js';

const mebibyte = 1024 * 1024;
const resources = { requests: { cpu: '1', memory: '100Mi' }, limits: { cpu: '1500m', memory: '200Mi' } };

test.each([
  // behaviour, seconds after the start, millicores, MiB
  [{}, 10, 300, 50],
  [{ cpu: 'ramp(0,2,20s)', memory: '10Mi' }, 10, 1000, 10],
  [{ cpu: 'ramp(0,2,20s)', memory: '10Mi' }, 20, 1500, 10],
  [{ memory: '10Mi', 'memory-leak': '60Mi/m' }, 10, 300, 20],
  [{ 'c.memory': '0s=1Mi,10s=99Mi' }, 9, 300, 1],
  [{ 'c.memory': '0s=1Mi,10s=99Mi' }, 10, 300, 99],
])('with %j a container uses after %i s %i millicores and %i MiB', (behaviour, after, cpu, memory) => {
  const bench = new Bench();
  bench.run({ containers: [container({ resources })] }, behaviour);
  bench.pass(10);
  const [only] = bench.pod().spec.containers;
  const used = only && containerUsage(bench.pod(), only, instant(start + 9000 + after * 1000));
  expect([used?.cpu, (used?.memory ?? 0) / mebibyte]).toEqual([cpu, memory]);
});

test('a container that does not run uses nothing, and one that asks for nothing a little', () => {
  const bench = new Bench();
  bench.run({});
  const [only] = bench.pod().spec.containers;
  if (!only) throw new Error('no container');
  expect(containerUsage(bench.pod(), only, start)).toBeUndefined();
  bench.pass(20);
  expect(containerUsage(bench.pod(), only, bench.clock.now())).toEqual({ cpu: 5, memory: 32 * mebibyte });
});
