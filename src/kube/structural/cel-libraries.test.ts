import { describe, expect, test } from 'vitest';
import { object, told } from './fixtures.js';
import { checkRules } from './index.js';
import { expressionFault } from './rules.js';

/** What the libraries of Kubernetes' rules say, each rule true; those of a kube-apiserver accept every one of them. */
describe('the libraries of rules', () => {
  const properties = {
    a: { type: 'string' },
    m: { type: 'object', additionalProperties: { type: 'integer' } },
    l: { type: 'array', items: { type: 'integer' } },
  } as const;
  const value = { a: '10.0.0.1', m: { x: 1, y: 2 }, l: [1, 2, 3] };
  test.each([
    "sets.contains(['a', 'b'], ['a'])",
    'sets.equivalent([1, 2], [2, 1])',
    '!sets.intersects([1], [2])',
    'self.l.all(i, v, v > i)',
    '!self.l.exists(i, v, v == i)',
    'self.m.all(k, v, v > 0)',
    'self.m.existsOne(k, v, v > 1)',
    'self.l.transformList(i, v, v * 2) == [2, 4, 6]',
    'self.l.transformList(i, v, i > 0, v) == [2, 3]',
    "self.m.transformMap(k, v, v + 1)['x'] == 2",
    'ip(self.a).family() == 4',
    "ip('::1').isLoopback()",
    "!isIP('1.2.3')",
    "!ip.isCanonical('2001:DB8::1')",
    "cidr('10.0.0.0/8').containsIP(self.a)",
    "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
    "!cidr('10.0.0.0/8').containsCIDR('10.0.0.0/7')",
    "string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8'",
    "!isCIDR('10.0.0.0/33')",
    "!isSemver('1.2')",
    "semver('v1.2', true).minor() == 2",
    "semver('1.0.0-a').isLessThan(semver('1.0.0'))",
    "semver('1.0.0-2').compareTo(semver('1.0.0-10')) == -1",
    "!format.dns1123Label().validate('ok').hasValue()",
    "format.named('uuid').value().validate('x').hasValue()",
    "url('https://a.b/c?d=1').getQuery()['d'] == ['1']",
    "quantity('1').add(1).compareTo(quantity('2')) == 0",
  ])('%s', (rule) => {
    expect(expressionFault(rule)).toBeUndefined();
    const schema = object(properties, { 'x-kubernetes-validations': [{ rule }] });
    expect(told((faults) => checkRules(faults, 'spec', schema, value, undefined))).toEqual([]);
    const opposite = object(properties, { 'x-kubernetes-validations': [{ rule: `!(${rule})` }] });
    expect(told((faults) => checkRules(faults, 'spec', opposite, value, undefined))).toHaveLength(1);
  });
});
