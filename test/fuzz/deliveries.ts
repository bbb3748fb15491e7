import type { Random } from './random.js';

/** How a request goes onto the wire. */
export type Delivery =
  | { readonly kind: 'whole' }
  /** The body in chunks (RFC 9112: chunked transfer coding). */
  | { readonly kind: 'chunked'; readonly pieces: number }
  /** Left after a share of its bytes. */
  | { readonly kind: 'cut'; readonly share: number }
  /** No good HTTP; given the path of the cluster. */
  | { readonly kind: 'raw'; readonly bytes: (root: string) => Buffer };

/** Mostly as it should be; a connection is lost with the rest, and a new one takes the server a while. */
export function anyDelivery(random: Random): Delivery {
  return random.weighted<Delivery>([
    [940, () => ({ kind: 'whole' })],
    [50, () => ({ kind: 'chunked', pieces: 1 + random.below(5) })],
    [6, () => ({ kind: 'cut', share: random.next() })],
    [4, () => rawDelivery(random)],
  ]);
}

function rawDelivery(random: Random): Delivery {
  if (random.oneIn(6)) {
    const noise = Buffer.from(Array.from({ length: 1 + random.below(300) }, () => random.below(256)));
    return { kind: 'raw', bytes: () => noise };
  }
  const make = random.pick(badMessages);
  return {
    kind: 'raw',
    bytes: (root) => Buffer.from(make(`${root}/api/v1/namespaces/default/configmaps`), 'latin1'),
  };
}

const end = '\r\n\r\n';
const post = (path: string, ...lines: readonly string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...lines].join('\r\n') + end;

/** Messages that are wrong, or that ask for what the server does not do. */
const badMessages: readonly ((path: string) => string)[] = [
  (path) => `GET ${path} HTTP/1.1${end}`,
  (path) => `GET ${path} HTTP/9.9\r\nHost: x${end}`,
  (path) => `GET ${path}${end}`,
  (path) => `get ${path} HTTP/1.1\r\nHost: x${end}`,
  (path) => `GET ${path}\x00 HTTP/1.1\r\nHost: x${end}`,
  (path) => `GET ${path}/\xff\xfe HTTP/1.1\r\nHost: x${end}`,
  (path) => `GET ${path}/a b HTTP/1.1\r\nHost: x${end}`,
  (path) => `GET ${path}/${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x${end}`,
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nno colon${end}`,
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nx: a\x00b${end}`,
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nx: ${'y'.repeat(100_000)}${end}`,
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${'x: y\r\n'.repeat(3000)}${end}`,
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nHost: y${end}`,
  (path) => `GET ${path} HTTP/1.1\nHost: x\n\n`,
  (path) => `GET ${path} HTTP/1.0${end}`,
  () => `GET http://elsewhere.example.com/ HTTP/1.1\r\nHost: x${end}`,
  () => `CONNECT elsewhere.example.com:443 HTTP/1.1\r\nHost: x${end}`,
  () => `TRACE / HTTP/1.1\r\nHost: x${end}`,
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  () => '\r\n\r\n\r\n',
  (path) => `BREW ${path} HTTP/1.1\r\nHost: x${end}`,
  (path) => `PROPFIND ${path} HTTP/1.1\r\nHost: x${end}`,
  (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1${end}`,
  (path) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13${end}`,
  (path) => `${post(path, 'Content-Length: -1')}{}`,
  (path) => `${post(path, 'Content-Length: x')}{}`,
  (path) => `${post(path, 'Content-Length: 2', 'Content-Length: 3')}{}`,
  (path) => `${post(path, 'Content-Length: 2', 'Transfer-Encoding: chunked')}0${end}`,
  (path) => `${post(path, 'Content-Length: 99999999999999999999')}{}`,
  (path) => `${post(path, 'Content-Length: 400')}{`,
  (path) => `${post(path, 'Transfer-Encoding: chunked')}zz\r\n{}\r\n0${end}`,
  (path) => `${post(path, 'Transfer-Encoding: chunked')}ffffffffffffffff\r\n{}`,
  (path) => `${post(path, 'Transfer-Encoding: chunked')}2\r\n{}`,
  (path) => `${post(path, 'Transfer-Encoding: chunked')}2;${'x'.repeat(30_000)}\r\n{}\r\n0${end}`,
  (path) => `${post(path, 'Transfer-Encoding: gzip, chunked')}0${end}`,
  (path) => `${post(path, 'Transfer-Encoding: nonsense')}{}`,
  (path) => `${post(path, 'Content-Length: 2', 'Expect: 100-continue')}{}`,
  (path) => `${post(path, 'Content-Length: 2', 'Expect: the-impossible')}{}`,
  (path) => `${post(path, 'Content-Length: 2')}{}${post(path, 'Content-Length: 2')}{}`,
];
