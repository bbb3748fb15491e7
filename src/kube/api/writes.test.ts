import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { TestCluster } from '../fixtures.js';
import { builtInTypes } from '../kinds/index.js';
import type { KubeObject } from '../object.js';
import { membersOf } from '../object.js';
import { applyMergePatch } from '../patch/index.js';
import { apiVersionOf } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';

const typeOf = (plural: string): ResourceType => {
  const found = builtInTypes.find((one) => one.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};

type Body = Readonly<Record<string, unknown>>;

const word = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(word, word, { maxKeys: 3, noNullPrototype: true });
const optional: { requiredKeys: []; noNullPrototype: true } = { requiredKeys: [], noNullPrototype: true };
const container = fc.record(
  {
    name: word,
    image: fc.constantFrom('app', 'app:1', 'r.example.com/app@sha256:1'),
    env: fc.uniqueArray(fc.record({ name: word, value: word }, { noNullPrototype: true }), {
      selector: ({ name }) => name,
    }),
    ports: fc.uniqueArray(
      fc.record({ containerPort: fc.integer({ min: 1, max: 9 }) }, { noNullPrototype: true }),
      {
        selector: ({ containerPort }) => containerPort,
      },
    ),
    resources: fc.record(
      {
        requests: fc.constant({ cpu: '100m', memory: '0.5Gi' }),
        limits: fc.constantFrom({ cpu: 1 }, { cpu: '1000m', memory: '1024Mi' }),
      },
      optional,
    ),
    livenessProbe: fc.constantFrom({ httpGet: { port: 80 } }, { exec: { command: ['true'] } }),
  },
  { requiredKeys: ['name', 'image'], noNullPrototype: true },
);
const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { selector: ({ name }) => name, minLength: 1 }),
    nodeSelector: labels,
    tolerations: fc.array(
      word.map((key) => ({ key, operator: 'Exists' })),
      { minLength: 1, maxLength: 2 },
    ),
    volumes: fc.uniqueArray(
      word.map((name) => ({ name })),
      { selector: ({ name }) => name },
    ),
    hostNetwork: fc.constant(false),
  },
  { requiredKeys: ['containers'], noNullPrototype: true },
);
const template = podSpec.map((spec) => ({ metadata: { labels: { app: 'x' } }, spec }));
const workload = fc
  .record(
    { replicas: fc.nat(0), minReadySeconds: fc.nat(5), template },
    { requiredKeys: ['template'], noNullPrototype: true },
  )
  .map((spec) => ({ spec: { selector: { matchLabels: { app: 'x' } }, paused: true, ...spec } }));
const port = fc.record(
  { port: fc.integer({ min: 1, max: 9 }), name: word, protocol: fc.constantFrom('TCP', 'UDP') },
  { requiredKeys: ['port', 'name'], noNullPrototype: true },
);

/** Bodies of several kinds, all of them sound, that say more or less. */
const bodies: Readonly<Record<string, fc.Arbitrary<Body>>> = {
  pods: podSpec.map((spec) => ({ spec: { schedulingGates: [{ name: 'wait' }], ...spec } })),
  deployments: workload,
  statefulsets: workload.map(({ spec: { paused: _paused, ...spec } }) => ({
    spec: { ...spec, replicas: 0 },
  })),
  services: fc
    .uniqueArray(port, { selector: (one) => one.name, minLength: 1, maxLength: 2 })
    .filter((ports) => new Set(ports.map((one) => one.port)).size === ports.length)
    .chain((ports) =>
      fc
        .record(
          { type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'), selector: labels },
          optional,
        )
        .map((spec) => ({ spec: { ...spec, ports } })),
    ),
  configmaps: fc.record({ data: labels, immutable: fc.constant(false) }, optional),
  ingresses: fc
    .constantFrom({ service: { name: 'web', port: { number: 80 } } }, { resource: { kind: 'A', name: 'a' } })
    .map((defaultBackend) => ({ spec: { defaultBackend } })),
  networkpolicies: fc
    .record(
      {
        ingress: fc.array(
          fc.array(fc.constantFrom({ port: 80 }, { port: 'web' })).map((ports) => ({ ports })),
        ),
      },
      optional,
    )
    .map((spec) => ({ spec: { podSelector: {}, ...spec } })),
  cronjobs: podSpec.map((spec) => ({
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: { spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } } },
    },
  })),
};

/** What of an object was said by its body: members that the body has not are left out. */
function said(object: unknown, body: unknown): unknown {
  if (Array.isArray(body) && Array.isArray(object)) return body.map((one, index) => said(object[index], one));
  if (typeof body !== 'object' || body === null || typeof object !== 'object' || object === null)
    return object;
  const members = object as Body;
  return Object.fromEntries(
    Object.entries(body)
      .filter(([name, value]) => members[name] !== undefined || !isEmpty(value))
      .map(([name, value]) => [name, said(members[name], value)]),
  );
}
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

describe.each(Object.keys(bodies))('%s', (plural) => {
  const type = typeOf(plural);
  const body = bodies[plural] ?? fc.constant({});
  let cluster: TestCluster;
  let count = 0;
  beforeAll(() => {
    cluster = new TestCluster();
  });
  const named = (given: Body): Body & { readonly metadata: { readonly name: string } } => {
    count += 1;
    return {
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      ...given,
      metadata: { name: `x-${String(count)}` },
    };
  };
  /** A body without zeros that are not told, its quantities in their shortest form. */
  const kept = (given: Body): Body => type.schema.read(given).value;
  const scope = { cluster: 'c', namespace: 'default' };
  const options = { dryRun: false, fieldValidation: 'Strict' } as const;
  const objects = () => cluster.kubernetes.objects;
  const apply = (
    given: Body & { readonly metadata: { readonly name: string } },
    conflicts: 'refuse' | 'force' = 'refuse',
  ) =>
    objects().apply(type, scope, given.metadata.name, given, 'object', {
      ...options,
      manager: 'me',
      conflicts,
    }).object;
  const settings = { numRuns: 25 };

  test('what is created is what was said, and defaults', () =>
    fc.assert(
      fc.property(body, (given) => {
        const wanted = named(given);
        const object = cluster.create(plural, wanted);
        expect(said(object, kept(given))).toEqual(kept(given));
        expect(cluster.get(plural, wanted.metadata.name)).toEqual(object);
      }),
      settings,
    ));

  test('defaults come once', () =>
    fc.assert(
      fc.property(body, (given) => {
        const { value } = type.schema.read(named(given));
        const once = structuredClone(value);
        type.applyDefaults(once);
        const twice = structuredClone(once);
        type.applyDefaults(twice);
        expect(twice).toEqual(once);
      }),
      settings,
    ));

  test('what was accepted is accepted again, and changes nothing', () =>
    fc.assert(
      fc.property(body, (given) => {
        const object = cluster.create(plural, named(given));
        const again = objects().replace(type, scope, object.metadata.name, object, 'object', {
          ...options,
          manager: 'you',
        });
        expect(again.object).toEqual(object);
        const { spec } = membersOf(object as KubeObject);
        const same = { type: 'merge', body: spec === undefined ? {} : { spec } } as const;
        const patched = objects().patch(type, scope, object.metadata.name, same, 'object', options);
        expect(patched.object).toEqual(object);
      }),
      settings,
    ));

  test('what is applied twice is applied once', () =>
    fc.assert(
      fc.property(body, (given) => {
        const wanted = named(given);
        const object = apply(wanted);
        expect(said(object, kept(given))).toEqual(kept(given));
        expect(apply(wanted)).toEqual(object);
        expect(apply(wanted, 'force')).toEqual(object);
      }),
      settings,
    ));

  test('metadata alone does not count as another generation', () =>
    fc.assert(
      fc.property(body, labels, (given, some) => {
        const object = cluster.create(plural, named(given));
        const labelled = cluster.patch(plural, object.metadata.name, {
          metadata: { labels: { ...some, z: 'z' } },
        });
        expect(labelled.metadata.generation).toBe(object.metadata.generation);
        expect(labelled.metadata.resourceVersion).not.toBe(object.metadata.resourceVersion);
      }),
      settings,
    ));

  test('a dry run answers the same and keeps nothing', () =>
    fc.assert(
      fc.property(body, (given) => {
        const wanted = named(given);
        const { object } = cluster.write(plural, wanted, { dryRun: true });
        expect(said(object, kept(given))).toEqual(kept(given));
        expect(() => cluster.get(plural, wanted.metadata.name)).toThrow('not found');
      }),
      settings,
    ));
});

describe('a write to the status', () => {
  const cluster = new TestCluster();
  const deployment = applyMergePatch(
    {
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'x' } }, paused: true, replicas: 0 },
    },
    {
      spec: {
        template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    },
  ) as object;
  const created = cluster.create('deployments', deployment);

  test('leaves the spec and the generation alone', () => {
    const changed = cluster.patch(
      'deployments',
      'web',
      { spec: { replicas: 5 }, metadata: { labels: { a: 'b' } }, status: { replicas: 7 } },
      { part: 'status' },
    );
    expect(changed).toMatchObject({
      spec: { replicas: 0 },
      status: { replicas: 7 },
      metadata: { generation: created.metadata.generation },
    });
    expect(changed.metadata.labels).toBeUndefined();
  });
  test('and one to the spec leaves the status alone', () => {
    const changed = cluster.patch('deployments', 'web', {
      spec: { minReadySeconds: 1 },
      status: { replicas: 9 },
    });
    expect(changed).toMatchObject({ spec: { minReadySeconds: 1 }, status: { replicas: 7 } });
    expect(changed.metadata.generation).toBe((created.metadata.generation ?? 0) + 1);
  });
  test('of the same is no write', () => {
    const before = cluster.get('deployments', 'web');
    const after = cluster.patch('deployments', 'web', { status: { replicas: 7 } }, { part: 'status' });
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });
});
