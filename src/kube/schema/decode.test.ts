import { describe, expect, test } from 'vitest';
import { DecodeError, decode } from './index.js';

const pod = (container: object) => ({ spec: { containers: [{ name: 'a', ...container }] } });

describe('a body is read as its type', () => {
  test.each([
    ['unknown members', { ...pod({ imge: 'x' }), sec: 1 }, ['spec.containers[0].imge', 'sec']],
    [
      'a known member in the wrong place',
      pod({ restartPolic: 'Never' }),
      ['spec.containers[0].restartPolic'],
    ],
    ['a name of Object.prototype', { spec: { constructor: 1 } }, ['spec.constructor']],
    ['nothing unknown', pod({ image: 'x' }), []],
  ])('%s', (_, body, unknown) => {
    const { unknown: found } = decode('V1Pod', body);
    expect(found).toEqual(unknown);
  });

  test('quantities become canonical, nulls are absent', () => {
    const { value } = decode(
      'V1Pod',
      pod({ image: null, resources: { requests: { cpu: 0.5, memory: '1024Mi' } } }),
    );
    expect(value).toEqual(pod({ resources: { requests: { cpu: '500m', memory: '1Gi' } } }));
  });

  test.each([
    [
      'a number for a string',
      { metadata: { name: 5 } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
    ],
    [
      'a string for an object',
      { spec: 'x' },
      'json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec',
    ],
    [
      'an object for a list',
      { spec: { containers: {} } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'a number for a label',
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'a string for a number',
      { spec: { priority: 'high' } },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      'a number beyond its type',
      { spec: { priority: 2_147_483_648 } },
      'json: cannot unmarshal number 2147483648 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      'a number in a list',
      { spec: { containers: [{ name: 5 }] } },
      'json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string',
    ],
    [
      'a string for a boolean',
      { spec: { hostNetwork: 'yes' } },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
  ])('%s is refused', (_, body, message) => {
    expect(() => decode('V1Pod', body)).toThrow(new DecodeError(message));
  });
});

test.each([
  ['', undefined],
  ['eA==', undefined],
  ['eHh\n4eHh4', undefined],
  ['!!', 0],
  ['eA', 0],
  ['e A=', 1],
  ['eA===', 4],
  ['abcd!a', 4],
])('data %j as base64 is wrong from byte %s', (text, byte) => {
  const read = () => decode('V1Secret', { data: { a: text } });
  if (byte === undefined) expect(read().value).toEqual({ data: { a: text } });
  else expect(read).toThrow(`illegal base64 data at input byte ${String(byte)}`);
});
