import type { Random } from './random.js';
import { anyValue, nested, oddWords } from './values.js';

/** What is no object, in more ways than one. */
export function anyText(random: Random): string | Buffer {
  return random.weighted<string | Buffer>([
    [4, () => JSON.stringify(anyValue(random))],
    [2, () => nested(random)],
    [2, () => random.pick(oddWords)],
    [1, () => Buffer.from(random.some(60, () => random.below(256)))],
    [1, () => '{"metadata":{"name":"a"},"metadata":{"name":"b"}}'],
    [
      1,
      () =>
        '{"metadata":{"name":"fuzz-1","__proto__":{"polluted":true}},"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ],
    [1, () => '\uFEFF{"metadata":{"name":"fuzz-2"}}'],
    [1, () => '{"data":1e99999,"x":-0,"y":"\\ud800"}'],
    [
      1,
      () =>
        'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
    ],
    [1, () => 'a: &a\n  b: *a\n'],
    [1, () => '<<: {a: 1}\n? [x]\n: y\n!!binary x: !x y\n'],
    [1, () => 'a: 1\n---\nb: 2\n...\n'],
    [1, () => '\ta: 1'],
    [1, () => `{"data":{"x":"${'y'.repeat(20_000)}"}}`],
    [random.oneIn(25) ? 1 : 0, () => large(random)],
  ]);
}

/** Bytes with some of them changed, and perhaps an end too soon. */
export function damaged(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = random.below(4); times > 0; times -= 1)
    copy[random.below(copy.length)] = random.below(256);
  return random.oneIn(5) ? copy.subarray(0, random.below(copy.length)) : copy;
}

/** The API server takes bodies of so many bytes. */
const limit = 3 * 1024 * 1024;

/** Bodies about as large as they may be, and larger ones. */
function large(random: Random): string {
  const size = random.pick([limit - 100_000, limit - 1, limit, limit + 1, limit + 500_000, 2 * limit]);
  return random.weighted([
    [4, () => filled(size, '{"metadata":{"name":"fuzz-0"},"data":{"x":"', 'y', '"}}')],
    [2, () => filled(size, '{"data":[', '1,', '1]}')],
    [2, () => filled(size, '{"metadata":{"labels":{', '"a":"b",', '"c":"d"}}}')],
    [1, () => filled(size, '', ' ', '{}')],
    [1, () => filled(size, '[', '{},', '{}]')],
    [1, () => filled(size, 'a: [', 'x,', 'x]')],
  ]);
}

const filled = (size: number, begin: string, part: string, end: string): string => {
  const parts = Math.floor((size - begin.length - end.length) / part.length);
  return (begin + part.repeat(parts)).padEnd(size - end.length) + end;
};
