import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '../object.js';
import { membersOf } from '../object.js';
import { afterUpdate, applyConfiguration } from './index.js';
import type { Versions, Writer } from './index.js';
import { shapeOfType } from '../schema/index.js';

const versions: Versions = () => ({
  shape: shapeOfType('V1Deployment'),
  empty: {},
  show: membersOf,
  keep: (shown) => shown as unknown as KubeObject,
});
const writer = (manager: string): Writer => ({
  manager,
  apiVersion: 'apps/v1',
  time: '2026-08-21T00:00:00Z',
});
const base = { apiVersion: 'apps/v1', kind: 'Deployment' };
const metadata = { name: 'web', uid: 'u', creationTimestamp: 't' };
const made = (body: object): KubeObject => ({ ...base, metadata, ...body });

/** The object after an apply, with whose its fields are. */
function apply(
  live: KubeObject | undefined,
  manager: string,
  body: object,
  conflicts: 'refuse' | 'force' = 'refuse',
): KubeObject {
  const configuration: JsonObject = { ...base, metadata: { name: 'web' }, ...body };
  const { merged, managedFields } = applyConfiguration(
    versions,
    live,
    configuration,
    writer(manager),
    conflicts,
  );
  const object = merged as unknown as KubeObject;
  return { ...object, metadata: { ...metadata, ...object.metadata, managedFields } };
}
function update(live: KubeObject, manager: string, body: object): KubeObject {
  const after = { ...live, ...body };
  return {
    ...after,
    metadata: { ...after.metadata, managedFields: afterUpdate(versions, live, after, writer(manager)) },
  };
}
const specOf = (object: KubeObject) => membersOf(object)['spec'];
const managers = (object: KubeObject) =>
  object.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`);
const containers = (...list: object[]) => ({ spec: { template: { spec: { containers: list } } } });

describe('server-side apply', () => {
  test('makes its manager the owner of what it sets', () => {
    const object = apply(undefined, 'a', {
      spec: { replicas: 2, ...containers({ name: 'c', image: 'i' }).spec },
    });
    expect(object.metadata.managedFields).toEqual([
      {
        manager: 'a',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2026-08-21T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:template': {
              'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
            },
          },
        },
      },
    ]);
  });

  test.each([
    [
      'another value of an owned field',
      { spec: { replicas: 3 } },
      'Apply failed with 1 conflict: conflict with "a": .spec.replicas',
    ],
    [
      'a field of an owned element',
      containers({ name: 'c', image: 'other' }),
      'Apply failed with 1 conflict: conflict with "a": .spec.template.spec.containers[name="c"].image',
    ],
  ])('%s is a conflict', (_, body, message) => {
    const live = apply(undefined, 'a', {
      spec: { replicas: 2, ...containers({ name: 'c', image: 'i' }).spec },
    });
    expect(() => apply(live, 'b', body)).toThrow(message);
    const forced = apply(live, 'b', body, 'force');
    expect(specOf(forced)).toMatchObject(body.spec);
    expect(() =>
      apply(forced, 'a', { spec: { replicas: 2, ...containers({ name: 'c', image: 'i' }).spec } }),
    ).toThrow('conflict with "b"');
  });

  test('a conflict with an update names its version', () => {
    const live = update(made({ spec: {} }), 'kubectl', { spec: { replicas: 1 } });
    expect(() => apply(live, 'b', { spec: { replicas: 2 } })).toThrow(
      'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
    );
  });

  test('the same value is shared', () => {
    const live = apply(apply(undefined, 'a', { spec: { replicas: 2 } }), 'b', { spec: { replicas: 2 } });
    expect(managers(live)).toEqual(['a Apply', 'b Apply']);
    expect(specOf(apply(live, 'a', { spec: {} }))).toEqual({ replicas: 2 });
  });

  test('what a manager leaves out goes, unless another owns it', () => {
    const both = { name: 'c', image: 'i' };
    const live = apply(undefined, 'a', {
      spec: { replicas: 2, paused: true, ...containers(both, { name: 'd', image: 'j' }).spec },
    });
    expect(specOf(apply(live, 'a', { spec: { replicas: 2, ...containers(both).spec } }))).toEqual({
      replicas: 2,
      ...containers(both).spec,
    });
    const shared = update(live, 'kubectl', { spec: { ...(specOf(live) as object), minReadySeconds: 5 } });
    expect(specOf(apply(shared, 'a', { spec: { replicas: 2 } }))).toMatchObject({
      replicas: 2,
      minReadySeconds: 5,
    });
  });

  test('an update takes what it changes from others', () => {
    const live = apply(undefined, 'a', { spec: { replicas: 2, paused: true } });
    const scaled = update(live, 'hpa', { spec: { replicas: 5, paused: true } });
    expect(managers(scaled)).toEqual(['a Apply', 'hpa Update']);
    expect(scaled.metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1)).toEqual([
      { 'f:spec': { 'f:paused': {} } },
      { 'f:spec': { 'f:replicas': {} } },
    ]);
    // Leaving the field out leaves it to the other.
    expect(specOf(apply(scaled, 'a', { spec: { paused: true } }))).toEqual({ replicas: 5, paused: true });
  });

  test('a manager that owns nothing keeps its object', () => {
    const live = apply(made({ spec: { replicas: 2 } }), 'a', {});
    expect(specOf(apply(live, 'a', {}))).toEqual({ replicas: 2 });
  });

  test('applying the same again changes nothing', () => {
    const value = fc.record(
      {
        replicas: fc.nat(9),
        paused: fc.boolean(),
        template: fc.record({
          metadata: fc.record({
            labels: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2')),
          }),
          spec: fc.record({
            containers: fc.uniqueArray(
              fc.record({
                name: fc.constantFrom('x', 'y', 'z'),
                image: fc.constantFrom('i:1', 'i:2'),
                args: fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }),
              }),
              { selector: ({ name }) => name },
            ),
          }),
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(value, value, (first, second) => {
        const live = apply(apply(undefined, 'a', { spec: first }), 'b', { spec: second }, 'force');
        expect(apply(live, 'b', { spec: second })).toEqual(live);
        // What was applied is there.
        expect(specOf(live)).toMatchObject(
          second.replicas === undefined ? {} : { replicas: second.replicas },
        );
      }),
    );
  });
});
