/** What is not protobuf, or not of the types it says it is. */
export class MalformedProtobuf extends Error {
  override readonly name = 'MalformedProtobuf';
}

/** A field as it stands in the bytes: an integer, or a payload of so many bytes. */
export interface WireValue {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** Reads the fields of a message one by one (protobuf: wire types 0, 1, 2 and 5). @throws MalformedProtobuf */
export function* wireValues(bytes: Buffer): Generator<WireValue> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) break;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedProtobuf('unexpected end of an integer');
  };
  const payload = (length: number): Buffer => {
    if (length > bytes.length - at) throw new MalformedProtobuf('unexpected end of the message');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: payload(8) };
        break;
      case 2:
        yield { number, value: payload(Number(varint())) };
        break;
      case 5:
        yield { number, value: payload(4) };
        break;
      default:
        throw new MalformedProtobuf(`illegal wire type ${String(tag % 8)}`);
    }
  }
}

/** A payload. @throws MalformedProtobuf when the field holds an integer */
export function bytesOf({ value, number }: WireValue): Buffer {
  if (typeof value === 'bigint') throw new MalformedProtobuf(`wrong wire type of field ${String(number)}`);
  return value;
}

/** A signed integer; beyond 2^53 the nearest number there is. @throws MalformedProtobuf when the field holds a payload */
export function integerOf({ value, number }: WireValue): number {
  if (typeof value !== 'bigint') throw new MalformedProtobuf(`wrong wire type of field ${String(number)}`);
  return Number(BigInt.asIntN(64, value));
}

export const textOf = (value: WireValue): string => bytesOf(value).toString('utf8');

/** The first field of a number, if there is one. */
export function firstOf(bytes: Buffer, number: number): WireValue | undefined {
  for (const value of wireValues(bytes)) if (value.number === number) return value;
  return undefined;
}
