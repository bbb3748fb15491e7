import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from './patterns.js';

describe("Go's regular expressions", () => {
  test.each([
    // expression               matches                        does not
    ['^(?i)(abort|warn)?$', ['', 'warn', 'ABORT'], ['warning']],
    ['(?i)^a[b-d]+$', ['AbC', 'aD'], ['ae']],
    ['a(?i:b)c', ['abc', 'aBc'], ['Abc', 'abC']],
    ['(a(?i)b)c', ['aBc'], ['abC', 'Abc']],
    ['(?i)a(?-i)b', ['Ab', 'ab'], ['aB']],
    ['(?i)é', ['É', 'é'], ['e']],
    ['(?i)^[^a-c]$', ['d', '1'], ['A', 'b']],
    ['^a.b$', ['axb', 'a\rb'], ['a\nb', 'ab']],
    ['(?s)^a.b$', ['a\nb'], []],
    ['^b$', ['b'], ['a\nb', 'b\n']],
    ['(?m)^b$', ['a\nb', 'b\nc'], ['ab']],
    [String.raw`\Aa\z`, ['a'], ['ba', 'a\n']],
    [String.raw`^\Qa.b\E*$`, ['a.', 'a.bbb'], ['axb']],
    [String.raw`^\x41\x{1F600}\101$`, ['A\u{1f600}A'], []],
    ['^[[:alpha:]_]+$', ['ab_'], ['a1']],
    ['^[[:^alpha:]]+$', ['12-'], ['a']],
    ['^[^[:space:]]+$', ['ab'], ['a b']],
    [String.raw`^[\d.-]+$`, ['1.2-3'], ['a']],
    [String.raw`^[\S]+$`, ['ab', '\u00a0'], ['a b']],
    [String.raw`^\s$`, [' ', '\t'], ['\u00a0', '\v']],
    ['^[]a]+$', ['a]'], ['b']],
    ['^[a-]+$', ['a-'], ['b']],
    [String.raw`^\p{Greek}\pL\p{^L}$`, ['αa1'], ['aa1']],
    [String.raw`^\d{1,3}\.\d+$`, ['10.5'], ['1000.5', '10x5']],
    ['^{a},{,5}$', ['{a},{,5}'], []],
    ['^(?P<year>[0-9]{4})-(?<month>[0-9]{2})$', ['2026-08'], ['26-08']],
    [String.raw`^([a-z0-9\-\_\/]+)@\@$`, ['a-_/@@'], ['A@@']],
    ['^(|a|b)$', ['', 'b'], ['c']],
  ])('%s', (pattern, matching, others) => {
    const found = (text: string) => compilePattern(pattern)?.test(text);
    expect(matching.filter((text) => found(text) !== true)).toEqual([]);
    expect(others.filter((text) => found(text) !== false)).toEqual([]);
  });

  test.each([
    ['a look ahead', 'a(?=b)'],
    ['a look behind', '(?<!a)b'],
    ['a reference back', String.raw`(a)\1`],
    ['a group without an end', '(a'],
    ['an end without a group', 'a)'],
    ['a class without an end', '[a'],
    ['a class that is not there', '[[:letters:]]'],
    ['a range that goes down', '[z-a]'],
    ['nothing to repeat', '*a'],
    ['too many repeats', 'a{1001}'],
    ['an escape that means nothing', String.raw`\y`],
    ['a backslash at the end', 'a\\'],
    ['flags that are none', '(?x)a'],
  ])('%s is none', (_, pattern) => expect(compilePattern(pattern)).toBeUndefined());

  test('a quoted text matches itself alone', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, other) => {
        fc.pre(!text.includes('\\E') && !text.endsWith('\\'));
        const quoted = compilePattern(`\\A\\Q${text}\\E\\z`);
        expect(quoted?.test(text)).toBe(true);
        expect(quoted?.test(other)).toBe(text === other);
      }),
    ));

  test('no text breaks the reading of it', () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        compilePattern(text);
      }),
    ));
});
