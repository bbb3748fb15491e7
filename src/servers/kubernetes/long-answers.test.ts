import { gunzipSync } from 'node:zlib';
import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { sendLong } from './long-answers.js';

const item = (index: number) => ({ index, text: `"\\${'é'.repeat(50)}` });
const answer = async (count: number, headers: Record<string, string> = {}) => {
  const app = fastify();
  app.get('/', (request, reply) => {
    const elements = Array.from({ length: count }, (_, index) => item(index));
    return sendLong(request, reply, { head: { kind: 'L' }, list: 'items', elements }, 'json');
  });
  return app.inject({ url: '/', headers });
};

describe('a list of any length is answered whole', () => {
  test.each([0, 1, 2, 900, 20_000])('%i elements', async (count) => {
    const expected = { kind: 'L', items: Array.from({ length: count }, (_, index) => item(index)) };
    const plain = await answer(count);
    expect(plain.headers['content-type']).toMatch(/^application\/json/);
    expect(plain.json()).toEqual(expected);
    const zipped = await answer(count, { 'accept-encoding': 'gzip' });
    const isZipped = zipped.headers['content-encoding'] === 'gzip';
    expect(isZipped).toBe(count === 20_000);
    const text = isZipped ? gunzipSync(zipped.rawPayload).toString() : zipped.body;
    expect(JSON.parse(text)).toEqual(expected);
  });
});
