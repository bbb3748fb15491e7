import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import type { Shown } from '../fixtures.js';
import { deployments, nodeKind, pods } from '../kinds/index.js';
import type { JsonObject } from '../object.js';
import { PendingWebhookCalls } from './index.js';
import type { WebhookCall, WebhookReplies, WebhookReply } from './index.js';
import { ruleMatches } from './matching.js';
import type { RuleTarget } from './matching.js';

const target = (type = pods, more: Partial<RuleTarget> = {}): RuleTarget => ({
  operation: 'CREATE',
  type,
  subresource: undefined,
  ...more,
});
const rule = (members: object = {}) => ({
  operations: ['CREATE'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['pods'],
  scope: '*',
  ...members,
});

test.each<[what: string, rule: object, RuleTarget, boolean]>([
  ['the same', {}, target(), true],
  ['another operation', { operations: ['UPDATE'] }, target(), false],
  ['any operation', { operations: ['*'] }, target(pods, { operation: 'DELETE' }), true],
  ['another group', { apiGroups: ['apps'] }, target(), false],
  ['any group', { apiGroups: ['*'], resources: ['deployments'] }, target(deployments), true],
  ['another version', { apiVersions: ['v2'] }, target(), false],
  ['any version', { apiVersions: ['*'] }, target(), true],
  ['any resource', { resources: ['*'] }, target(), true],
  [
    'any resource, not its subresources',
    { resources: ['*'] },
    target(pods, { subresource: 'status' }),
    false,
  ],
  ['a subresource', { resources: ['pods/status'] }, target(pods, { subresource: 'status' }), true],
  ['all of a resource', { resources: ['pods/*'] }, target(pods, { subresource: 'status' }), true],
  ['one subresource of all', { resources: ['*/status'] }, target(pods, { subresource: 'status' }), true],
  ['everything', { resources: ['*/*'] }, target(), true],
  ['the scope of namespaces', { scope: 'Namespaced' }, target(), true],
  ['the scope of the cluster', { scope: 'Cluster' }, target(), false],
  ['the scope of the cluster, of nodes', { scope: 'Cluster', resources: ['nodes'] }, target(nodeKind), true],
])('a rule of %s', (_, members, of, matches) => expect(ruleMatches(rule(members), of)).toBe(matches));

/** Replies of webhooks that a test plays; what has none yet is asked, as over the wire. */
class Played implements WebhookReplies {
  readonly asked: JsonObject[] = [];
  readonly #replies = new Map<string, WebhookReply>();
  readonly #answer: (request: JsonObject, url: string) => JsonObject;

  constructor(answer: (request: JsonObject, url: string) => JsonObject) {
    this.#answer = answer;
  }

  replyTo({ key }: WebhookCall): WebhookReply | undefined {
    return this.#replies.get(key);
  }

  ask(calls: readonly WebhookCall[]): Promise<void> {
    this.answer(calls);
    return Promise.resolve();
  }

  answer(calls: readonly WebhookCall[]): void {
    for (const { key, uid, review, url } of calls) {
      const request = review['request'] as JsonObject;
      this.asked.push(request);
      const response = { uid, ...this.#answer(request, url) };
      this.#replies.set(key, {
        kind: 'answered',
        uid,
        body: { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response },
      });
    }
  }
}

const patchOf = (...operations: object[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
const label = (name: string, value = 'yes') => ({ op: 'add', path: `/metadata/labels/${name}`, value });

describe('a cluster', () => {
  let cluster: TestCluster;
  const configure = (kind: 'mutating' | 'validating', name: string, hooks: object[], annotations = {}) =>
    cluster.create(`${kind}webhookconfigurations`, {
      metadata: { name, annotations },
      webhooks: hooks.map((hook, index) => ({
        name: `${name}${String(index)}.example.com`,
        clientConfig: { url: `https://hooks.example/${name}${String(index)}` },
        rules: [rule()],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...hook,
      })),
    });
  const pod = (members: object = {}) => ({
    metadata: { name: 'p', labels: { app: 'web' }, ...members },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });
  /** Creates an object as a request that asks the webhooks it waits for. */
  const create = (
    replies: WebhookReplies,
    body: object = pod(),
    { plural = 'pods', dryRun = false }: { plural?: string; dryRun?: boolean } = {},
  ) => {
    for (;;) {
      try {
        return cluster.write(plural, body, { dryRun, webhooks: replies });
      } catch (error) {
        if (!(error instanceof PendingWebhookCalls)) throw error;
        // The played replies are there at once.
        void error.ask();
      }
    }
  };
  const allow = () => new Played(() => ({ allowed: true }));
  const labelsOf = (object: unknown) => (object as Shown).metadata.labels;

  beforeEach(() => {
    cluster = new TestCluster();
  });

  test('tells a webhook what is written, and by whom', () => {
    configure('validating', 'v', [{}]);
    const replies = allow();
    create(replies);
    expect(replies.asked).toMatchObject([
      {
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        operation: 'CREATE',
        name: 'p',
        namespace: 'default',
        userInfo: { username: 'system:kube-controller-manager' },
        object: { kind: 'Pod', metadata: { name: 'p' }, spec: { serviceAccountName: 'default' } },
        oldObject: null,
        dryRun: false,
        options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
      },
    ]);
  });

  test('makes the changes that webhooks answer, in order, and completes what they add', () => {
    configure('mutating', 'b', [{}]);
    configure('mutating', 'a', [{}]);
    const sidecar = { op: 'add', path: '/spec/containers/-', value: { name: 'sidecar', image: 's' } };
    const replies = new Played((request, url) => {
      const order = Object.keys(labelsOf(request['object']) ?? {}).length;
      return url.includes('/a0')
        ? patchOf(label(`first${String(order)}`), sidecar)
        : patchOf(label(`second${String(order)}`));
    });
    const { object } = create(replies);
    expect(labelsOf(object)).toEqual({ app: 'web', first1: 'yes', second2: 'yes' });
    expect((object as Shown)['spec']).toMatchObject({
      containers: [{}, { name: 'sidecar', imagePullPolicy: 'Always', volumeMounts: [{ readOnly: true }] }],
      volumes: [{}],
    });
    expect(((object as Shown)['spec'] as { volumes: unknown[] }).volumes).toHaveLength(1);
  });

  test('asks again who wants to see what others changed', () => {
    configure('mutating', 'a', [{ reinvocationPolicy: 'IfNeeded' }, {}]);
    const replies = new Played((_, url) =>
      url.includes('/a1') ? patchOf(label('other')) : { allowed: true },
    );
    create(replies);
    expect(replies.asked.map(({ object }) => Object.keys(labelsOf(object) ?? {}))).toEqual([
      ['app'],
      ['app'],
      ['app', 'other'],
    ]);
  });

  test.each<[what: string, status: object | undefined, text: string]>([
    [
      'with words',
      { message: 'no latest' },
      '400 admission webhook "v0.example.com" denied the request: no latest',
    ],
    [
      'with a code',
      { message: 'no', code: 403, reason: 'Forbidden' },
      '403 admission webhook "v0.example.com" denied the request: no',
    ],
    [
      'with a reason',
      { reason: 'Because' },
      '400 admission webhook "v0.example.com" denied the request: Because',
    ],
    [
      'without words',
      undefined,
      '400 admission webhook "v0.example.com" denied the request without explanation',
    ],
  ])('refuses what a webhook denies %s', (_, status, text) => {
    configure('validating', 'v', [{}]);
    expect(refusal(() => create(new Played(() => ({ allowed: false, status }))))).toBe(text);
    expect(cluster.list('pods')).toEqual([]);
  });

  test('tells the client what webhooks warn of', () => {
    configure('validating', 'v', [{}]);
    expect(create(new Played(() => ({ allowed: true, warnings: ['old'] }))).warnings).toEqual(['old']);
  });

  test.each<[what: string, hook: object, asked: number]>([
    ['a label of the object', { objectSelector: { matchLabels: { app: 'web' } } }, 1],
    ['another label of the object', { objectSelector: { matchLabels: { app: 'db' } } }, 0],
    [
      'its namespace',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } },
      1,
    ],
    ['another namespace', { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'x' } } }, 0],
    [
      'a condition that holds',
      {
        matchConditions: [
          { name: 'c', expression: 'object.metadata.name == "p" && request.operation == "CREATE"' },
        ],
      },
      1,
    ],
    [
      'a condition on numbers',
      {
        matchConditions: [
          {
            name: 'c',
            expression:
              'object.spec.containers.size() == 1 && object.spec.terminationGracePeriodSeconds == 30',
          },
        ],
      },
      1,
    ],
    [
      'a condition that does not',
      {
        matchConditions: [
          { name: 'c', expression: 'has(object.spec.hostNetwork) && object.spec.hostNetwork' },
        ],
      },
      0,
    ],
    [
      'a condition that fails, ignored',
      { failurePolicy: 'Ignore', matchConditions: [{ name: 'c', expression: 'object.nothing.at.all == 1' }] },
      0,
    ],
  ])('asks by %s', (_, hook, asked) => {
    configure('validating', 'v', [hook]);
    const replies = allow();
    create(replies);
    expect(replies.asked).toHaveLength(asked);
  });

  test('a condition that fails refuses, where failures matter', () => {
    const matchConditions = [{ name: 'c', expression: 'object.nothing.at.all == 1' }];
    configure('validating', 'v', [{ matchConditions }]);
    expect(refusal(() => create(allow()))).toContain('match condition "c" could not be evaluated');
  });

  test.each([
    ['Equivalent', 1],
    ['Exact', 0],
  ])('asks about another version of the same kind with %s: %i', (matchPolicy, asked) => {
    const rules = [
      rule({ apiGroups: ['autoscaling'], apiVersions: ['v1'], resources: ['horizontalpodautoscalers'] }),
    ];
    configure('validating', 'v', [{ rules, matchPolicy }]);
    const replies = allow();
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    const body = { metadata: { name: 'h' }, spec: { scaleTargetRef, maxReplicas: 3 } };
    create(replies, body, { plural: 'horizontalpodautoscalers' });
    expect(replies.asked).toHaveLength(asked);
  });

  test.each<[sideEffects: string, outcome: string]>([
    ['None', 'taken'],
    ['NoneOnDryRun', 'taken'],
  ])('asks a webhook of side effects %s on a dry run: %s', (sideEffects, outcome) => {
    configure('validating', 'v', [{ sideEffects }]);
    const replies = allow();
    expect(refusal(() => create(replies, pod(), { dryRun: true }))).toBe(outcome);
    expect(replies.asked).toMatchObject([{ dryRun: true }]);
  });

  const away: WebhookReplies = {
    replyTo: () => ({ kind: 'failed', why: 'Post "https://hooks.example/v0?timeout=10s": dial tcp' }),
    ask: () => Promise.resolve(),
  };
  test('goes on without a webhook that may be ignored, and not without another', () => {
    configure('validating', 'v', [{ failurePolicy: 'Ignore' }]);
    expect(refusal(() => create(away))).toBe('taken');
    configure('validating', 'w', [{}]);
    expect(refusal(() => create(away, pod({ name: 'q' })))).toBe(
      '500 Internal error occurred: failed calling webhook "w0.example.com": failed to call webhook: Post "https://hooks.example/v0?timeout=10s": dial tcp',
    );
  });

  test.each<[what: string, body: object, text: string]>([
    [
      'of another kind',
      { kind: 'Pod' },
      'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got , Kind=Pod',
    ],
    [
      'to another question',
      { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response: { uid: 'x' } },
      'expected response.uid="u", got "x"',
    ],
    [
      'without an answer',
      { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1' },
      'webhook response was absent',
    ],
  ])('takes no answer %s', (_, body, text) => {
    configure('validating', 'v', [{}]);
    const replies: WebhookReplies = {
      replyTo: () => ({ kind: 'answered', uid: 'u', body }),
      ask: () => Promise.resolve(),
    };
    expect(refusal(() => create(replies))).toContain(text);
  });

  const service = { clientConfig: { service: { namespace: 'hooks', name: 'svc', path: '/check' } } };
  test('can not ask a service, whose pods are simulated', () => {
    configure('validating', 'v', [service]);
    expect(refusal(() => create(allow()))).toContain(
      '500 Internal error occurred: failed calling webhook "v0.example.com": failed to call webhook: Post "https://svc.hooks.svc:443/check?timeout=10s": containers of this cluster are simulated',
    );
  });

  test('goes on without a service that may be ignored, and says so', () => {
    configure('validating', 'v', [{ ...service, failurePolicy: 'Ignore' }]);
    expect(create(allow()).warnings).toEqual([
      expect.stringContaining(
        'webhook "v0.example.com" was not called: Post "https://svc.hooks.svc:443/check?timeout=10s"',
      ),
    ]);
  });

  test('takes the answer that a configuration has for its services', () => {
    configure('validating', 'v', [service], { 'poolkeeper.dev/webhook-answer': 'allow' });
    expect(create(allow()).warnings).toEqual([
      'webhook "v0.example.com" is simulated: it answers that all is allowed (poolkeeper.dev/webhook-answer)',
    ]);
  });

  test('asks no webhook about the configurations of webhooks', () => {
    configure('validating', 'v', [
      { rules: [rule({ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] })] },
    ]);
    expect(configure('mutating', 'm', []).metadata.name).toBe('m');
    cluster.remove('validatingwebhookconfigurations', 'v');
    expect(cluster.list('validatingwebhookconfigurations')).toEqual([]);
  });

  test('asks about changes and deletions, with what there was', () => {
    cluster.create('configmaps', { metadata: { name: 'm' }, data: { a: '1' } });
    configure('validating', 'v', [
      { rules: [rule({ operations: ['UPDATE', 'DELETE'], resources: ['configmaps'] })] },
    ]);
    const replies = allow();
    const through = (write: () => unknown) => {
      try {
        write();
      } catch (error) {
        if (!(error instanceof PendingWebhookCalls)) throw error;
        void error.ask();
        write();
      }
    };
    through(() => cluster.patch('configmaps', 'm', { data: { a: '2' } }, { webhooks: replies }));
    through(() => cluster.remove('configmaps', 'm', { webhooks: replies }));
    expect(
      replies.asked.map(({ operation, object, oldObject }) => [
        operation,
        object && (object as Shown)['data'],
        (oldObject as Shown)['data'],
      ]),
    ).toEqual([
      ['UPDATE', { a: '2' }, { a: '1' }],
      ['DELETE', null, { a: '2' }],
    ]);
  });

  test("asks about the pods that the control plane's own loops make", async () => {
    configure('mutating', 'm', [{}]);
    const replies = new Played(() => patchOf(label('injected')));
    cluster.kubernetes.reachWebhooks(replies);
    const template = { metadata: { labels: { app: 'web' } }, spec: pod().spec };
    cluster.create('replicasets', {
      metadata: { name: 'r' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
    });
    for (let round = 0; round < 5; round += 1) {
      cluster.pass(0);
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(cluster.list('pods').map(({ metadata }) => metadata.labels?.['injected'])).toEqual(['yes', 'yes']);
  });
});
