import { expect, test } from 'vitest';
import { parseCases } from './case.js';

const sound = {
  formatVersion: 1,
  kubernetesVersion: '1.34.1',
  nodes: [{ metadata: { name: 'a' } }],
  pods: [],
  pod: { metadata: { name: 'p' }, spec: { containers: [] } },
};

test.each([
  ['one case', JSON.stringify(sound, null, 2), 1],
  ['an array', JSON.stringify([sound, sound]), 2],
  ['lines', `${JSON.stringify(sound)}\n${JSON.stringify(sound)}\n`, 2],
])('a file may hold %s', (_, text, count) => {
  expect(parseCases(text, 'file')).toHaveLength(count);
});

test.each([
  ['{', 'file:1: neither JSON nor JSON lines'],
  ['[1]', 'file[0]: a case is an object'],
  [JSON.stringify({ ...sound, formatVersion: 2 }), 'file: formatVersion must be 1'],
  [
    JSON.stringify({ ...sound, kubernetesVersion: '1.34' }),
    'file: kubernetesVersion must be a version such as "1.34.1"',
  ],
  [JSON.stringify({ ...sound, node: [] }), 'file: unknown member node'],
  [JSON.stringify({ ...sound, pods: undefined }), 'file: pods must be an array'],
  [JSON.stringify({ ...sound, nodes: [{}] }), 'file: nodes[0] must be an object with metadata.name'],
  [
    JSON.stringify({ ...sound, pods: [{ metadata: { name: 'x' } }] }),
    'file: pods[0] must have spec.containers',
  ],
  [JSON.stringify({ ...sound, startNodeIndex: -1 }), 'file: startNodeIndex must be a whole number from 0'],
  [JSON.stringify({ ...sound, decision: 'a' }), 'file: decision must be an object'],
])('%s is refused', (text, message) => {
  expect(() => parseCases(text, 'file')).toThrow(message);
});
