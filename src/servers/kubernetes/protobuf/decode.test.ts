import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedProtobuf, decodeObject } from './index.js';

interface Sample {
  readonly protobuf: string;
  readonly json: { readonly kind: string };
}
/** Made by `scripts/kubernetes-wire-format/samples` with the official Go types. */
const samples = JSON.parse(
  readFileSync(new URL('samples.json', import.meta.url), 'utf8'),
) as readonly Sample[];
const bytesOf = ({ protobuf }: Sample): Buffer => Buffer.from(protobuf, 'base64');

/** Go's JSON has null for its zero times, where protobuf has nothing. */
const withoutNull = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, inner: unknown) => (inner === null ? undefined : inner)));

describe('an object in protobuf', () => {
  test.each(samples.map((sample) => [sample.json.kind, sample] as const))(
    '%s is what its JSON is',
    (_, sample) => {
      expect(withoutNull(decodeObject(bytesOf(sample)))).toEqual(withoutNull(sample.json));
    },
  );

  test.each([
    ['nothing', '', 'does not appear to be a protobuf message'],
    ['JSON', Buffer.from('{}').toString('hex'), 'does not appear to be a protobuf message'],
    ['no kind', Buffer.from('k8s\0').toString('hex'), "Object 'Kind' is missing"],
    [
      'an unknown kind',
      `${Buffer.from('k8s\0').toString('hex')}0a06 0a0178 120179`,
      'no kind "y" is registered for version "x"',
    ],
    ['half a message', `${Buffer.from('k8s\0').toString('hex')}0aff`, 'unexpected end'],
    ['a group', `${Buffer.from('k8s\0').toString('hex')}0b`, 'illegal wire type 3'],
  ])('%s is refused', (_, hex, why) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(() => decodeObject(bytes)).toThrow(MalformedProtobuf);
    expect(() => decodeObject(bytes)).toThrow(why);
  });

  test('whatever becomes of the bytes, it is read or refused', () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
        fc.nat(),
      )
      .map(([sample, changes, cut]) => {
        const bytes = Buffer.from(bytesOf(sample));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return bytes.subarray(0, cut % (2 * bytes.length));
      });
    fc.assert(
      fc.property(damaged, (bytes) => {
        try {
          decodeObject(bytes);
        } catch (error) {
          if (!(error instanceof MalformedProtobuf)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
