import { describe, expect, test } from 'vitest';
import { coloured, paragraph, plain, wrap } from './layout.js';
import { explanationText } from './text.js';
import type { Explanation } from '../../toolkit/index.js';

describe('lines', () => {
  test.each([
    ['', 10, ['']],
    ['one two three', 20, ['one two three']],
    ['one two three', 7, ['one two', 'three']],
    ['one averyverylongword two', 8, ['one', 'averyverylongword', 'two']],
  ])('%j within %i', (text, width, lines) => expect(wrap(text, width)).toEqual(lines));

  test('go on below where their text begins', () => {
    expect(paragraph('aaaa bbbb cccc dddd eeee ffff', 24, ' 1. ')).toBe(
      ' 1. aaaa bbbb cccc dddd\n    eeee ffff\n',
    );
  });
});

const explanation: Explanation = {
  cluster: { resourceGroup: 'rg', name: 'shop' },
  pod: {
    namespace: 'default',
    name: 'web',
    kind: 'Deployment',
    source: 'manifest',
    replicas: { asked: 3, fit: 1 },
  },
  verdict: { kind: 'pool exhausted', text: 'Pool web is full.' },
  asks: { cpu: 1500, memory: 1610612736, 'nvidia.com/gpu': 1 },
  pools: [
    {
      name: 'web',
      zones: [],
      nodes: 3,
      fits: 1,
      reasons: [{ rule: 'cordon', text: 'cordoned', nodes: 2 }],
      growth: { autoscaled: false, maximum: 3, coming: 0, bounds: [] },
    },
    { zones: [], nodes: 1, fits: 0, reasons: [{ rule: 'taint', text: 'not ready', nodes: 1 }] },
  ],
  changes: [{ kind: 'uncordon', text: 'Uncordon node a', command: 'kubectl uncordon a' }],
};

describe('an explanation', () => {
  test('is laid out in a table', () => {
    expect(explanationText(explanation, { width: 80, paint: plain }))
      .toBe(`Deployment default/web: pool exhausted
  Pool web is full.
  Each of its 3 pods asks for 1.5 vCPU, 1.5 GiB of memory, 1 nvidia.com/gpu. 1
  of them fits.

POOL       NODES  FIT  WHY NOT
web        3      1    2 nodes: cordoned
(no pool)  1      0    not ready

One change is enough:
  1. Uncordon node a
     kubectl uncordon a
`);
  });

  test('has colours that change no text', () => {
    const text = explanationText(explanation, { width: 80, paint: coloured });
    // eslint-disable-next-line no-control-regex -- the escape is what is looked for
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(explanationText(explanation, { width: 80, paint: plain }));
    expect(text).toContain('\u001b[31mpool exhausted\u001b[39m');
  });
});
