import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import {
  Catalog,
  applyLimits,
  isRestricted,
  parseLimits,
  quotaOf,
  quotas,
  remainingCapacity,
  shortages,
} from './index.js';

const catalog = new Catalog();
const read = (yaml: string) => parseLimits(parse(yaml), catalog);

describe('limits of a world', () => {
  test('are set as the configuration says, whatever the spelling of its names', () => {
    const store = Store.open({ now: () => instant(0), collections: [quotas, shortages] });
    const limits = read(`
quota:
  West Europe: { cores: 100, LowPriorityCores: 20, standarddsv5family: 48 }
shortages:
  - { location: westeurope, size: standard_d4s_v5, zone: 1, priority: Spot, remaining: 3 }
restrictions:
  - { location: westeurope, size: Standard_D8s_v5, zone: '2' }
`);
    store.transact((tx) => applyLimits(tx, limits));
    const limit = (name: string) => quotaOf(store, 'westeurope', name).limit;
    expect([limit('cores'), limit('lowPriorityCores'), limit('standardDSv5Family')]).toEqual([100, 20, 48]);
    const place = { location: 'westeurope', size: 'Standard_D4s_v5', zone: '1' };
    expect(remainingCapacity(store, place, 'Spot')).toBe(3);
    expect(remainingCapacity(store, place, 'Regular')).toBe(Infinity);
    expect(isRestricted(store, { location: 'westeurope', size: 'Standard_D8s_v5', zone: '2' })).toBe(true);
  });

  test.each(['', '{}', 'quota:', 'shortages: []'])('%j sets none', (yaml) => {
    expect(read(yaml)).toEqual({ quotas: [], shortages: [], restrictions: [] });
  });

  test.each([
    ['[]', /^The limits must be a mapping/],
    ['quotas: {}', /'quotas' is not known in limits\. What may be there: quota, shortages, restrictions/],
    ['quota: [1]', /^quota must be a mapping/],
    ['quota: { mars: { cores: 1 } }', /^quota\.mars must be a region/],
    ['quota: { eastus: { cpus: 1 } }', /^quota\.eastus\.cpus is no vCPU quota: name cores/],
    ['quota: { eastus: { cores: -1 } }', /^quota\.eastus\.cores must be a whole number/],
    ['quota: { eastus: { cores: many } }', /^quota\.eastus\.cores .* got "many"/],
    ['shortages: { eastus: 1 }', /^shortages must be a list/],
    [
      'shortages: [{ size: Standard_D4s_v5, remaining: 1 }]',
      /^shortages\[0\]\.location must be a region.*nothing/,
    ],
    ['shortages: [{ location: eastus, size: D4, remaining: 1 }]', /^shortages\[0\]\.size must be a VM size/],
    ['shortages: [{ location: eastus, size: Standard_D4s_v5 }]', /^shortages\[0\]\.remaining .* got nothing/],
    [
      'shortages: [{ location: eastus, size: Standard_D4s_v5, zone: 4, remaining: 0 }]',
      /zone must be one of 1, 2, 3/,
    ],
    [
      'shortages: [{ location: westus, size: Standard_D4s_v5, zone: 1, remaining: 0 }]',
      /zone must be left out/,
    ],
    [
      'shortages: [{ location: eastus, size: Standard_D4s_v5, priority: Low, remaining: 0 }]',
      /priority must be Spot/,
    ],
    [
      'restrictions: [{ location: eastus, size: Standard_D4s_v5, remaining: 0 }]',
      /'remaining' is not known in restr/,
    ],
  ])('%s is refused', (yaml, message) => {
    expect(() => read(yaml)).toThrow(message);
  });
});
