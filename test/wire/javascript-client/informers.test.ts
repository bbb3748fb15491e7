import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as k8s from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { builtInTypes } from '../../../src/kube/index.js';
import { openCluster } from '../cluster.js';
import type { TestCluster } from '../cluster.js';
import { Changes } from './changes.js';

/** What an informer follows. */
interface Watched {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
}

const watched: readonly Watched[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    plural: 'configmaps',
    namespace: 'default',
    labelSelector: 'tier=web',
  },
  { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    plural: 'secrets',
    namespace: 'default',
    labelSelector: 'tier in (db),lane',
  },
  { apiVersion: 'v1', kind: 'Pod', plural: 'pods' },
  { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespace: 'default', labelSelector: 'tier!=web' },
  { apiVersion: 'v1', kind: 'Node', plural: 'nodes' },
  { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces' },
  { apiVersion: 'v1', kind: 'Event', plural: 'events' },
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', plural: 'replicasets' },
  { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', plural: 'leases' },
  { apiVersion: 'every.example.com/v1', kind: 'Widget', plural: 'widgets' },
  {
    apiVersion: 'every.example.com/v1',
    kind: 'Widget',
    plural: 'widgets',
    namespace: 'default',
    labelSelector: 'tier=db',
  },
];

const pathOf = ({ apiVersion, plural, namespace }: Watched): string =>
  `/${apiVersion === 'v1' ? 'api' : 'apis'}/${apiVersion}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${plural}`;

/** An informer as programs use it: begun again when its watch fails. */
class Follower {
  lists = 0;
  readonly watched: Watched;
  /** What an event told that can't be: an object of an earlier revision than the one before it. */
  readonly faults: string[] = [];
  readonly #informer: k8s.Informer<k8s.KubernetesObject> & k8s.ObjectCache<k8s.KubernetesObject>;
  readonly #client: k8s.KubernetesObjectApi;
  readonly #revisions = new Map<string, number>();
  #isStopped = false;

  constructor(config: k8s.KubeConfig, one: Watched) {
    this.watched = one;
    this.#client = k8s.KubernetesObjectApi.makeApiClient(config);
    const list = () => {
      this.lists += 1;
      return this.fresh();
    };
    this.#informer = k8s.makeInformer(config, pathOf(one), list, one.labelSelector);
    this.#informer.on('error', () => setTimeout(() => this.#again(), 50));
    for (const verb of ['add', 'update', 'delete'] as const)
      this.#informer.on(verb, (object) => this.#see(verb, object));
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    await this.#informer.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#informer.stop();
  }

  fresh(): Promise<k8s.KubernetesListObject<k8s.KubernetesObject>> {
    const { apiVersion, kind, namespace, labelSelector } = this.watched;
    const none = undefined;
    return this.#client.list(apiVersion, kind, namespace, none, none, none, none, labelSelector);
  }

  /** True when the cache holds what a list tells now, in the same versions. */
  async isRight(): Promise<boolean> {
    const { items } = await this.fresh();
    return JSON.stringify(versionsOf(items)) === JSON.stringify(this.cached());
  }

  cached(): readonly string[] {
    return versionsOf(this.#informer.list());
  }

  #again(): void {
    if (!this.#isStopped) this.#informer.start().catch(() => setTimeout(() => this.#again(), 50));
  }

  #see(verb: 'add' | 'update' | 'delete', { metadata }: k8s.KubernetesObject): void {
    const uid = metadata?.uid ?? '';
    const revision = Number(metadata?.resourceVersion);
    const known = this.#revisions.get(uid) ?? 0;
    // A list that misses an object tells of it in the state that was known.
    if (verb === 'delete' ? revision < known : revision <= known)
      this.faults.push(`${verb} of ${metadata?.name ?? ''} at ${String(revision)} after ${String(known)}`);
    this.#revisions.set(uid, revision);
  }
}

const versionsOf = (objects: readonly k8s.KubernetesObject[]): readonly string[] =>
  objects
    .map(
      ({ metadata }) =>
        `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}@${metadata?.resourceVersion ?? ''}`,
    )
    .sort();

const seed = Number(process.env['INFORMER_SEED'] ?? 1);
const lanes = 16;
const changes = 10_000;
/** More changes of one collection than a watch can look back on. */
const forgotten = 20_001;

let home: string;
let cluster: TestCluster;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'poolkeeper-informers-'));
  cluster = await openCluster({ data: join(home, 'data') });
});
afterAll(async () => {
  await cluster.poolkeeper.stop();
  rmSync(home, { recursive: true, force: true });
});

const kubeConfig = (): k8s.KubeConfig => {
  const config = new k8s.KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  return config;
};

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('did not come to hold');
};

async function defineWidgets(): Promise<void> {
  const manifest = readFileSync(new URL('../manifests/every-kind.yaml', import.meta.url), 'utf8');
  const definition = parseAllDocuments(manifest)
    .map((document) => document.toJS() as k8s.KubernetesObject)
    .find(({ kind }) => kind === 'CustomResourceDefinition');
  if (!definition) throw new Error('the manifest has no definition');
  await k8s.KubernetesObjectApi.makeApiClient(kubeConfig()).create(definition);
}

/** Changes one secret so often that no watch can go on from before. */
function forgetSecrets(): void {
  const { kubernetes, aks } = cluster.poolkeeper.world;
  const { id } = aks.cluster({ resourceGroup: 'rg1', cluster: 'shop' });
  const scope = { cluster: id.toLowerCase(), namespace: 'kube-public' };
  const type = builtInTypes.find(({ kind }) => kind === 'Secret');
  if (!type) throw new Error('there are no secrets');
  const options = { dryRun: false, fieldValidation: 'Ignore' } as const;
  kubernetes.objects.create(type, scope, { metadata: { name: 'busy' } }, options);
  for (let turn = 0; turn < forgotten; turn += 1) {
    const body = { metadata: { name: 'busy' }, stringData: { turn: String(turn) } };
    kubernetes.objects.replace(type, scope, 'busy', body, 'object', options);
  }
}

/** What a watch from before what is remembered is told, in its stream. */
async function refusedWatch(): Promise<unknown> {
  const told: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    new k8s.Watch(kubeConfig())
      .watch(
        '/api/v1/secrets',
        { resourceVersion: '1' },
        (_phase, _object, event) => told.push(event),
        (error) => (error ? reject(error as Error) : resolve()),
      )
      .catch(reject);
  });
  return told[0];
}

test('informers stay right through changes of all kinds, a compaction and a restart', async () => {
  console.log(`INFORMER_SEED=${String(seed)}`);
  await defineWidgets();
  const followers = watched.map((one) => new Follower(kubeConfig(), one));
  for (const follower of followers) await follower.start();
  const nodes = (await k8s.KubernetesObjectApi.makeApiClient(kubeConfig()).list('v1', 'Node')).items.map(
    ({ metadata }) => metadata?.name ?? '',
  );
  const address = () => ({ ...cluster, caPem: cluster.poolkeeper.caPem });
  const clients = Array.from({ length: lanes }, (_, lane) => new Changes({ seed, lane, address, nodes }));
  const makeChanges = (share: number): Promise<unknown> =>
    Promise.all(clients.map((client) => client.make(Math.round((changes / lanes) * share))));
  const ofSecrets = followers.filter((follower) => follower.watched.kind === 'Secret');

  await makeChanges(0.3);
  // A watch that was cut off for long: it can't go on, and its informer has to list again.
  for (const follower of ofSecrets) await follower.stop();
  const listsBefore = ofSecrets.map(({ lists }) => lists);
  await makeChanges(0.2);
  forgetSecrets();
  expect(await refusedWatch()).toMatchObject({ type: 'ERROR', object: { reason: 'Expired', code: 410 } });
  for (const follower of ofSecrets) await follower.start();
  await until(() =>
    Promise.resolve(ofSecrets.every(({ lists }, index) => lists > (listsBefore[index] ?? 0))),
  );

  const rest = makeChanges(0.5);
  const { port } = new URL(cluster.server);
  await cluster.poolkeeper.stop();
  cluster = await openCluster({ data: join(home, 'data'), port: Number(port) });
  await rest;

  const wrong = async (): Promise<readonly string[]> => {
    const answers = await Promise.all(followers.map((follower) => follower.isRight()));
    return followers.filter((_, index) => !answers[index]).map((follower) => pathOf(follower.watched));
  };
  await until(async () => (await wrong()).length === 0).catch(async () => expect(await wrong()).toEqual([]));
  expect(followers.flatMap(({ faults }) => faults)).toEqual([]);
  const accepted = clients.reduce((sum, client) => sum + client.accepted, 0);
  expect(accepted).toBeGreaterThan(changes / 2);
  // There is something left to be right about.
  for (const follower of followers)
    expect(follower.cached().length, pathOf(follower.watched)).toBeGreaterThan(0);

  for (const client of clients) client.close();
  for (const follower of followers) await follower.stop();
}, 300_000);
