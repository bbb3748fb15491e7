import { describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { format } from './index.js';
import type { OutputFormat } from './index.js';

const pools = [
  { name: 'np1', count: 3, zones: ['1', '2'], tags: null, autoscaling: false },
  { name: 'system', count: 10, zones: null, tags: { a: 'b' }, autoscaling: true },
];

describe('output', () => {
  test.each<[OutputFormat, string | undefined, unknown, string]>([
    [
      'json',
      undefined,
      { b: 1, a: { d: null, c: [] } },
      '{\n  "a": {\n    "c": [],\n    "d": null\n  },\n  "b": 1\n}\n',
    ],
    ['json', '[].name', pools, '[\n  "np1",\n  "system"\n]\n'],
    ['json', '[0].none', pools, ''],
    ['json', undefined, undefined, ''],
    ['json', undefined, [], '[]\n'],
    ['none', undefined, pools, ''],
    ['tsv', '[0].name', pools, 'np1\n'],
    ['tsv', '[].[name,count,autoscaling]', pools, 'np1\t3\tFalse\nsystem\t10\tTrue\n'],
    ['tsv', '[0]', pools, 'False\t3\tnp1\t\t2\n'],
    ['yaml', '[].{n:name}', pools, '- n: np1\n- n: system\n'],
    ['table', '[].{Name:name,Count:count}', pools, 'Name    Count\n------  -----\nnp1     3\nsystem  10\n'],
    ['table', '[].[name,count]', pools, 'Column1  Column2\n-------  -------\nnp1      3\nsystem   10\n'],
    ['table', 'length(@)', pools, 'Result\n------\n2\n'],
    ['table', undefined, [], ''],
  ])('%s of query %s', (output, query, value, expected) => {
    expect(format(value, { output, ...(query !== undefined && { query }) })).toBe(expected);
  });

  test('a table has the columns of its command', () => {
    const columns = ({ name }: Readonly<Record<string, unknown>>) => ({ Name: String(name) });
    expect(format(pools, { output: 'table', columns })).toBe('Name\n------\nnp1\nsystem\n');
  });

  test('colours are JSON underneath', () => {
    const plain = format(pools, { output: 'json' });
    const colour = format(pools, { output: 'jsonc', color: true });
    expect(colour).not.toBe(plain);
    // eslint-disable-next-line no-control-regex -- the escape is what is looked for
    expect(colour.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  test('a query that is no JMESPath is a usage error', () => {
    expect(() => format(pools, { output: 'json', query: '[' })).toThrow(UsageError);
  });
});
