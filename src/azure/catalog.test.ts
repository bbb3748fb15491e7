import { describe, expect, test } from 'vitest';
import { Catalog } from './index.js';

const catalog = new Catalog();

describe('catalogue', () => {
  test.each([
    ['westeurope', 'westeurope'],
    ['West Europe', 'westeurope'],
    ['WESTEUROPE', 'westeurope'],
    ['nowhere', undefined],
  ])('region %s is %s', (name, found) => {
    expect(catalog.region(name)?.name).toBe(found);
  });

  test.each([
    ['Standard_D4s_v5', 4, 16, 'standardDSv5Family'],
    ['standard_d4S_V5', 4, 16, 'standardDSv5Family'],
  ])('size %s has %i vCPUs and %i GiB', (name, vCPUs, memoryGiB, family) => {
    expect(catalog.vmSize(name)).toMatchObject({ vCPUs, memoryGiB, family });
  });

  test.each([
    // region          size                zones
    ['westeurope', 'Standard_D4s_v5', ['1', '2', '3']],
    ['westus', 'Standard_D4s_v5', []],
    ['nowhere', 'Standard_D4s_v5', []],
    ['westeurope', 'Standard_None', []],
    ['eastus', 'Standard_ND96isr_H200_v5', []],
  ])('in %s, %s is sold in zones %j', (region, size, zones) => {
    expect(catalog.zonesOf(region, size)).toEqual(zones);
  });

  test('a price is found for every size that a region with prices sells', () => {
    for (const { name } of catalog.vmSizes()) {
      expect(catalog.hourlyPrice('eastus', name) !== undefined).toBe(catalog.offers('eastus', name));
    }
  });

  test.each([
    ['eastus', 'Standard_D4s_v5', { os: 'Windows' }, 'measured', true],
    ['westeurope', 'Standard_D4s_v5', { os: 'Windows' }, 'estimated by its licence', true],
    ['polandcentral', 'Standard_D4s_v5', { priority: 'Spot' }, 'measured', true],
    ['westeurope', 'Standard_D4s_v5', { priority: 'Spot' }, 'not known', false],
    ['nowhere', 'Standard_D4s_v5', { os: 'Windows' }, 'not known', false],
  ] as const)('in %s, %s with %j is %s', (region, size, offer, _, known) => {
    const price = catalog.hourlyPrice(region, size, offer);
    expect(price !== undefined).toBe(known);
    const linux = catalog.hourlyPrice(region, size) ?? 0;
    if (price !== undefined) expect(Math.sign(price - linux)).toBe('os' in offer ? 1 : -1);
  });

  test('every size costs more than nothing wherever it is sold', () => {
    for (const { name: region } of catalog.regions()) {
      for (const { name } of catalog.vmSizes())
        expect(catalog.hourlyPrice(region, name) ?? 1).toBeGreaterThan(0);
    }
  });
});
