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
