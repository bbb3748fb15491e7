import { describe, expect, test } from 'vitest';
import { instant } from '../../units/index.js';
import { columnsOf } from './printer-columns.js';
import { compareVersions } from './version-order.js';

describe('printer columns', () => {
  const object = {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'a', uid: 'u', creationTimestamp: '2026-08-21T00:00:00Z' },
    spec: { count: 3, share: 0.5, on: true, names: ['x'], since: '2026-08-20T22:00:00Z', odd: 'never' },
  };
  const now = instant(Date.UTC(2026, 7, 21, 1));
  test.each([
    ['integer', '.spec.count', 3],
    ['integer', '.spec.odd', null],
    ['number', '.spec.share', 0.5],
    ['boolean', '.spec.on', true],
    ['string', '.spec.count', '3'],
    ['string', '.spec.names', '["x"]'],
    ['string', '.spec.none', null],
    ['date', '.spec.since', '3h'],
    ['date', '.spec.odd', '<invalid>'],
  ])('%s at %s', (type, jsonPath, cell) => {
    const [name, column] = columnsOf({
      name: 'v1',
      served: true,
      storage: true,
      additionalPrinterColumns: [{ name: 'X', type, jsonPath, priority: 1 }],
    });
    expect(name?.cell(object, now)).toBe('a');
    expect(column?.cell(object, now)).toBe(cell);
    expect(column?.priority).toBe(1);
  });

  test('are the name and the age where none are declared', () => {
    const columns = columnsOf({ name: 'v1', served: true, storage: true });
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['Name', 'string'],
      ['Age', 'date'],
    ]);
  });
});

test('versions are preferred by their stage, then by their number', () => {
  const versions = ['v1beta1', 'foo', 'v10', 'v1', 'v2alpha1', 'v1beta2', 'v2', 'bar', 'v1alpha1'];
  expect(versions.sort(compareVersions)).toEqual([
    'v10',
    'v2',
    'v1',
    'v1beta2',
    'v1beta1',
    'v2alpha1',
    'v1alpha1',
    'bar',
    'foo',
  ]);
});
