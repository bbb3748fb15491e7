import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WatchConnection } from './watch-connection.js';

let connection: WatchConnection;
let received: Promise<string>;
const server = createServer((_request, response) => {
  connection = new WatchConnection(response);
  response.flushHeaders();
  response.on('error', (error) => failures.push(error));
});
const failures: Error[] = [];

beforeEach(async () => {
  failures.length = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  received = new Promise((resolve, reject) => {
    let text = '';
    get({ port, host: '127.0.0.1' }, (answer) => {
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve(text));
    }).on('error', reject);
  });
  await new Promise((resolve) => server.once('request', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const line = (text: string): string => `${text}\n`;

test('what happens while the beginning is being sent follows it', async () => {
  const begun = connection.begin([line('a'), line('b')], Promise.resolve());
  connection.write(line('c'));
  await begun;
  connection.write(line('d'));
  connection.end();
  expect(await received).toBe('a\nb\nc\nd\n');
});

test('nothing is sent once the watch has had its time', async () => {
  await connection.begin([line('a')], Promise.resolve());
  connection.end();
  connection.write(line('late'));
  expect([await received, failures]).toEqual(['a\n', []]);
});

test('a beginning that is still being sent ends with the watch', async () => {
  const long = Array.from({ length: 200 }, () => line('x'.repeat(70_000)));
  const begun = connection.begin(long, Promise.resolve());
  await new Promise((resolve) => setImmediate(resolve));
  connection.end();
  await begun;
  connection.write(line('late'));
  expect((await received).length).toBeLessThan(200 * 70_001);
  expect(failures).toEqual([]);
});
