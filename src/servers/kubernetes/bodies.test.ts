import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { StatusError } from '../../kube/index.js';
import { readApplyPatch, readBody } from './bodies.js';

const request = (body: string, type = 'application/json'): FastifyRequest =>
  ({ headers: { 'content-type': type }, body }) as unknown as FastifyRequest;

test.each([
  ['half of a pair', '{"a":"x\\ud800y"}', { a: 'x\ufffdy' }],
  ['the other half', '{"a":["\\uDC00"]}', { a: ['\ufffd'] }],
  ['half of a pair in a name', '{"\\ud83d":{"b":1}}', { '\ufffd': { b: 1 } }],
  ['a pair', '{"a":"\\ud83d\\ude00"}', { a: '\u{1f600}' }],
  ['what only looks like half of a pair', '{"a":"\\\\ud800"}', { a: '\\ud800' }],
])('a body with %s is read as Go does', (_, body, value) => expect(readBody(request(body))).toEqual(value));

test.each([
  ['JSON', ' {"kind":"ConfigMap","data":{"a":"1"}}'],
  ['YAML', 'kind: ConfigMap\ndata: { a: "1" }\n'],
])('a configuration to apply may be %s', (_, text) =>
  expect(readApplyPatch(request(text)).value).toEqual({ kind: 'ConfigMap', data: { a: '1' } }),
);

test.each(['{', '{kind: [}', '\ta: 1'])('%j is refused in words', (text) => {
  const attempt = () => readApplyPatch(request(text));
  expect(attempt).toThrow(StatusError);
  expect(attempt).toThrow(expect.objectContaining({ code: 400 }));
});

test.each([
  ['JSON', '{"a":1,\n"a":2}', { a: 2 }, ['line 2: key "a" already set in map']],
  ['JSON on one line', '{"a":1,"a":2,"a":3}', { a: 3 }, ['line 1: key "a" already set in map']],
  [
    'YAML',
    'a: 1\nb:\n  c: 1\n  c: 2\na: 2\n',
    { a: 2, b: { c: 2 } },
    ['line 4: key "c" already set in map', 'line 5: key "a" already set in map'],
  ],
])('a configuration in %s may have members twice, and the last counts', (_, text, value, faults) =>
  expect(readApplyPatch(request(text))).toEqual({ value, faults }),
);

/** Comparing each key with each would take minutes. */
test.each([
  ['JSON with a member again and again', `{"a":{${'"b":"c",'.repeat(100_000)}"b":"d"}}`, { a: { b: 'd' } }],
  [
    'a map of many keys',
    `a:\n${Array.from({ length: 20_000 }, (_, at) => `  k${String(at)}: 1\n`).join('')}`,
    expect.anything(),
  ],
])('%s is read in one pass', (_, text, value) => expect(readApplyPatch(request(text)).value).toEqual(value));

test('YAML of more pieces than are read is refused before it is taken apart', () =>
  expect(() => readApplyPatch(request(`a: [${'x,'.repeat(1_000_000)}x]`))).toThrow(
    expect.objectContaining({ code: 413, reason: 'RequestEntityTooLarge' }),
  ));
