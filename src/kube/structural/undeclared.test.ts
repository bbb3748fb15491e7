import { expect, test } from 'vitest';
import { expressionFault } from './rules.js';

/** The references that an expression's fault tells of, with their places. */
const references = (expression: string): readonly string[] =>
  [
    ...(expressionFault(expression) ?? '').matchAll(
      /<input>:(\d+:\d+): undeclared reference to '(.*)' \(in container ''\)/g,
    ),
  ].map(([, place, name]) => `${String(place)} ${String(name)}`);

test.each<[expression: string, undeclared: readonly string[]]>([
  ['foo(self)', ['1:4 foo']],
  ['self.foo(1)', ['1:9 foo']],
  ['"a".foo()', ['1:8 foo']],
  ['[1].nope()', ['1:9 nope']],
  ['has(self.x) && bar(1)', ['1:19 bar']],
  ['bar == 1', ['1:1 bar']],
  ['bar == 1 && baz == 2', ['1:1 bar', '1:13 baz']],
  ['self.x.zz(self.w) && other', ['1:10 zz', '1:22 other']],
  ['has(foo.x)', ['1:5 foo']],
  ['foo.bar.baz(1)', ['1:1 foo', '1:12 baz']],
  ['math.greatest(1, 2) == 2', ['1:1 math', '1:14 greatest']],
  ['authorizer.x()', ['1:1 authorizer', '1:13 x']],
  ['true\n && zork(self)', ['2:9 zork']],
  ['self.x.all(q, q > y)', ['1:19 y']],
  ['{"a": b}.size() > 0', ['1:7 b']],
  ['self.json() == ""', ['1:10 json']],
  ['self.all(x, x.size() < 3)', []],
  ['self.all(k, v, k == v)', []],
  ['self.transformMap(k, v, k != "", v + 1).size() > 0', []],
  ['cel.bind(t, self.x, t == t)', []],
  ['self.?x.optMap(v, v + 1).orValue(1) == 1', []],
  ['type(self.x) == string && optional.of(1).hasValue()', []],
  ['self.x.all(q, q > 1) && q', ['1:25 q']],
  ['oldSelf == self && isQuantity(self.q) && quantity(self.q).isGreaterThan(quantity("1"))', []],
  ['ip(self.a).family() == 4 && ip.isCanonical(self.a) && cidr(self.c).containsIP(self.a)', []],
  ['sets.contains(self.a, [1]) && !format.dns1123Label().validate(self.n).hasValue()', []],
  ['semver(self.v).major() > 1 && isURL(self.u) && url(self.u).getHost() == "a"', []],
  ['self.t < timestamp("2026-01-01T00:00:00Z") && duration(self.d).getSeconds() > 1', []],
  ['self.s.find("a") != "" && self.s.lowerAscii().split(",").join("-").trim().format([1]) != ""', []],
])('%s', (expression, undeclared) => expect(references(expression)).toEqual(undeclared));

test('an undeclared reference is marked in its line', () => {
  expect(expressionFault('true\n && zork(self)')).toBe(
    "ERROR: <input>:2:9: undeclared reference to 'zork' (in container '')\n |  && zork(self)\n | ........^",
  );
});
