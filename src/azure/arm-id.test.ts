import { describe, expect, test } from 'vitest';
import { armId, armKey, parseArmId } from './index.js';

describe('ARM id', () => {
  const subnet =
    '/subscriptions/s1/resourcegroups/Net/providers/Microsoft.Network/virtualNetworks/v1/subnets/nodes';

  test('is taken apart whatever its letter case', () => {
    const parsed = parseArmId(subnet);
    expect(parsed).toMatchObject({
      subscriptionId: 's1',
      resourceGroup: 'Net',
      provider: 'Microsoft.Network',
    });
    expect(parsed?.path).toEqual([
      { type: 'virtualNetworks', name: 'v1' },
      { type: 'subnets', name: 'nodes' },
    ]);
  });

  test.each([
    ['empty', ''],
    ['a bare name', 'nodes'],
    ['a resource group', '/subscriptions/s1/resourceGroups/rg'],
    [
      'a type without a name',
      '/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks',
    ],
    ['a child type without a name', `${subnet.slice(0, subnet.lastIndexOf('/'))}`],
  ])('is not %s', (_, id) => {
    expect(parseArmId(id)).toBeUndefined();
  });

  test('made of parts, is read back as them', () => {
    const id = armId('s1', 'rg', 'Microsoft.Compute/virtualMachineScaleSets', 'aks-np');
    expect(parseArmId(armKey(id))?.path).toEqual([{ type: 'virtualmachinescalesets', name: 'aks-np' }]);
  });
});
