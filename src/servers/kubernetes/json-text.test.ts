import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlainText, membersWithin, readJsonText } from './json-text.js';

describe('a text that is no JSON', () => {
  test.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a":"x', 'unexpected end of JSON input'],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['hello', "invalid character 'h' looking for beginning of value"],
    ['nul!', "invalid character '!' in literal null (expecting 'l')"],
    ['01', "invalid character '1' after top-level value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1e', 'unexpected end of JSON input'],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
  ])('%j: %s', (text, fault) => {
    expect(readJsonText(text)).toEqual({ fault, repeated: [] });
  });
});

test.each([
  ['{"a":1,"b":2}', []],
  ['{"a":1,"a":2,"a":3}', ['a', 'a']],
  ['{"x":[{"y":1},{"y":1,"y":2}],"x":0}', ['x[1].y', 'x']],
  ['{"a":{"b":{"c":1,"c":2}}}', ['a.b.c']],
  ['{"a":"\\"b\\": ","b":1}', []],
])('%s has twice %j', (text, repeated) => {
  const { fault, repeated: found } = readJsonText(text);
  expect({ fault, paths: found.map(({ path }) => path) }).toEqual({ fault: undefined, paths: repeated });
});

test('a member that is given again is told with its line', () =>
  expect(readJsonText('{\n"a": {"b": "\\n",\n\n"b": 2}}').repeated).toEqual([
    { path: 'a.b', name: 'b', line: 4 },
  ]));

test('a hundred of the members that are given again are told', () =>
  expect(readJsonText(`{"a":1${',"a":1'.repeat(5000)}}`).repeated).toHaveLength(100));

test('what JSON.parse takes is sound, and has nothing twice', () =>
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(readJsonText(text)).toEqual({ fault: undefined, repeated: [] });
    }),
  ));

test('what JSON.parse refuses has a fault', () =>
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      const cut = text.slice(0, at % text.length);
      let isSound = true;
      try {
        JSON.parse(cut);
      } catch {
        isSound = false;
      }
      expect(readJsonText(cut).fault === undefined).toBe(isSound);
    }),
  ));

test.each([
  ['{"a":1,"b":{"c":[{"d":1}]}}', true],
  ['{"a":1,"a":2}', false],
  // Not twice, but worth a closer look.
  ['{"a":"\\"b\\": "}', false],
])('%s is plain: %s', (text, plain) => {
  expect(isPlainText(text, membersWithin(JSON.parse(text)))).toBe(plain);
});
