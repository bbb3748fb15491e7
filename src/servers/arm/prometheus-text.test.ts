import { expect, test } from 'vitest';
import { prometheusText } from './prometheus-text.js';

test('metrics are lines behind their help and type, those without samples left out', () => {
  const metrics = [
    {
      name: 'nodes',
      type: 'gauge',
      help: 'All\nnodes \\ of it.',
      samples: [
        { labels: { cluster: 'a "b"\\\n', state: 'ready' }, value: 3 },
        { labels: {}, value: 0.5 },
      ],
    },
    { name: 'none', type: 'counter', help: 'Nothing.', samples: [] },
    { name: 'events_total', type: 'counter', help: 'Events.', samples: [{ labels: {}, value: 1e21 }] },
  ] as const;
  expect(prometheusText(metrics)).toBe(`# HELP nodes All\\nnodes \\\\ of it.
# TYPE nodes gauge
nodes{cluster="a \\"b\\"\\\\\\n",state="ready"} 3
nodes 0.5
# HELP events_total Events.
# TYPE events_total counter
events_total 1e+21
`);
});
