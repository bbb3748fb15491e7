import { beforeAll, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../../fixtures.js';

let cluster: TestCluster;
beforeAll(() => {
  cluster = new TestCluster();
});

const parentRef = { resource: 'services', namespace: 'default', name: 'x' };
const address = (name: string, spec: object = { parentRef }): string =>
  refusal(() => cluster.create('ipaddresses', { metadata: { name }, spec }, { dryRun: true }));
const block = (...cidrs: readonly string[]): string =>
  refusal(() =>
    cluster.create('servicecidrs', { metadata: { name: 'b' }, spec: { cidrs } }, { dryRun: true }),
  );

describe('the name of an IPAddress', () => {
  test.each(['10.0.5.5', 'fd00::1', '::1'])('may be %s', (name) => expect(address(name)).toBe('taken'));

  test.each([
    ['x', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ['10.0.5', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ['10.0.05.6', 'must not have leading 0s'],
    ['FD00::2', 'must be in canonical form ("fd00::2")'],
    ['fd00:0:0::2', 'must be in canonical form ("fd00::2")'],
  ])('may not be %s', (name, why) =>
    expect(address(name)).toBe(
      `422 IPAddress.networking.k8s.io "${name}" is invalid: metadata.name: Invalid value: "${name}": ${why}`,
    ),
  );
});

describe('what an IPAddress is of', () => {
  test.each([
    [{}, 'spec.parentRef: Required value'],
    [{ parentRef: {} }, '[spec.parentRef.resource: Required value, spec.parentRef.name: Required value]'],
    [
      { parentRef: { ...parentRef, name: 'a/b' } },
      'spec.parentRef.name: Invalid value: "a/b": may not contain \'/\'',
    ],
  ])('%j is refused', (spec, why) =>
    expect(address('10.0.5.5', spec)).toBe(`422 IPAddress.networking.k8s.io "10.0.5.5" is invalid: ${why}`),
  );

  test('stays', () => {
    cluster.create('ipaddresses', { metadata: { name: '10.0.7.7' }, spec: { parentRef } });
    expect(
      refusal(() => cluster.patch('ipaddresses', '10.0.7.7', { spec: { parentRef: { name: 'y' } } })),
    ).toBe(
      '422 IPAddress.networking.k8s.io "10.0.7.7" is invalid: spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"default","Name":"y"}: field is immutable',
    );
  });
});

describe('the blocks of a ServiceCIDR', () => {
  test.each([[['10.9.0.0/24']], [['fd00::/112']], [['10.9.0.0/24', 'fd00::/112']]])('may be %j', (cidrs) =>
    expect(block(...cidrs)).toBe('taken'),
  );

  test.each([
    [[], 'spec.cidrs: Required value: at least one CIDR required'],
    [
      ['x'],
      'spec.cidrs[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
    [
      ['10.1.0.1/16'],
      'spec.cidrs[0]: Invalid value: "10.1.0.1/16": must not have bits set beyond the prefix length',
    ],
    [
      ['fd00::1/64'],
      'spec.cidrs[0]: Invalid value: "fd00::1/64": must not have bits set beyond the prefix length',
    ],
    [['FD00::/64'], 'spec.cidrs[0]: Invalid value: "FD00::/64": must be in canonical form ("fd00::/64")'],
    [
      ['010.1.0.0/16'],
      'spec.cidrs[0]: Invalid value: "010.1.0.0/16": must not have leading 0s in IP or prefix length',
    ],
    [
      ['10.1.0.0/16', '10.2.0.0/16'],
      'spec.cidrs: Invalid value: ["10.1.0.0/16","10.2.0.0/16"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ],
    [
      ['10.1.0.0/16', 'fd00::/64', '10.2.0.0/16'],
      'spec.cidrs: Invalid value: {"CIDRs":["10.1.0.0/16","fd00::/64","10.2.0.0/16"]}: may only hold up to 2 values',
    ],
  ])('may not be %j', (cidrs, why) =>
    expect(block(...cidrs)).toBe(`422 ServiceCIDR.networking.k8s.io "b" is invalid: ${why}`),
  );

  test('grow by another family and never change otherwise', () => {
    cluster.create('servicecidrs', { metadata: { name: 'c' }, spec: { cidrs: ['10.9.0.0/24'] } });
    const change = (...cidrs: readonly string[]) =>
      refusal(() => cluster.patch('servicecidrs', 'c', { spec: { cidrs } })).replace(/^.* is invalid: /, '');
    expect(change('10.10.0.0/24')).toBe('spec.cidrs[0]: Invalid value: "10.10.0.0/24": field is immutable');
    expect(change('10.9.0.0/24', 'fd00::/112')).toBe('taken');
    expect(change('10.9.0.0/24')).toBe('spec.cidrs: Invalid value: ["10.9.0.0/24"]: field is immutable');
    expect(change('fd00::/112', '10.9.0.0/24')).toBe(
      '[spec.cidrs[0]: Invalid value: "fd00::/112": field is immutable, spec.cidrs[1]: Invalid value: "10.9.0.0/24": field is immutable]',
    );
  });
});
