import { Agent, request } from 'node:https';
import { Random } from '../../fuzz/random.js';

/** An API server that changes are sent to; where it is may change, as the server is stopped and begun again. */
export interface Address {
  readonly server: string;
  readonly token: string;
  readonly caPem: string;
}

type Body = Readonly<Record<string, unknown>>;

/** A kind whose objects are changed: where they are, and how one looks. */
interface Changed {
  readonly collection: string;
  readonly hasStatus: boolean;
  readonly body: (random: Random) => Body;
}

const container = { name: 'main', image: 'nginx:1.27' };
const template = { metadata: { labels: { app: 'changed' } }, spec: { containers: [container] } };
const namespaced = (root: string, plural: string): string => `${root}/namespaces/default/${plural}`;

const kinds: readonly Changed[] = [
  {
    collection: namespaced('/api/v1', 'configmaps'),
    hasStatus: false,
    body: (random) => ({ data: { turn: String(random.below(1000)) } }),
  },
  {
    collection: namespaced('/api/v1', 'secrets'),
    hasStatus: false,
    body: (random) => ({ stringData: { turn: String(random.below(1000)) } }),
  },
  {
    collection: namespaced('/api/v1', 'pods'),
    hasStatus: true,
    // No scheduler takes them: they change as they are told alone.
    body: () => ({ spec: { schedulerName: 'nobody', containers: [container] } }),
  },
  {
    collection: namespaced('/apis/apps/v1', 'deployments'),
    hasStatus: true,
    body: (random) => ({
      spec: { replicas: random.below(2), selector: { matchLabels: { app: 'changed' } }, template },
    }),
  },
  {
    collection: namespaced('/apis/coordination.k8s.io/v1', 'leases'),
    hasStatus: false,
    body: (random) => ({ spec: { holderIdentity: `holder-${String(random.below(5))}` } }),
  },
  {
    collection: namespaced('/apis/every.example.com/v1', 'widgets'),
    hasStatus: true,
    body: (random) => ({ spec: { size: 1 + random.below(9) } }),
  },
];

/** One client of several: it works on objects of its own, one change after another. */
export class Changes {
  /** Changes that the server has taken. */
  accepted = 0;
  readonly #random: Random;
  readonly #lane: string;
  readonly #address: () => Address;
  readonly #nodes: readonly string[];
  readonly #agent: Agent;

  constructor(init: { seed: number; lane: number; address: () => Address; nodes: readonly string[] }) {
    this.#random = new Random(init.seed * 1000 + init.lane);
    this.#lane = `lane-${String(init.lane)}`;
    this.#address = init.address;
    this.#nodes = init.nodes;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca: init.address().caPem });
  }

  async make(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) await this.#change();
  }

  close(): void {
    this.#agent.destroy();
  }

  #change(): Promise<void> {
    const random = this.#random;
    if (random.oneIn(20)) {
      const patch = { metadata: { annotations: { [this.#lane]: String(random.below(1000)) } } };
      return this.#send('PATCH', `/api/v1/nodes/${random.pick(this.#nodes)}`, patch, 'merge-patch');
    }
    const kind = random.pick(kinds);
    const name = `${this.#lane}-${String(random.below(4))}`;
    const path = `${kind.collection}/${name}`;
    const labels = { lane: this.#lane, tier: random.pick(['web', 'db']) };
    const metadata = { name, labels };
    return random.weighted([
      [8, () => this.#send('POST', kind.collection, { metadata, ...kind.body(random) })],
      [4, () => this.#send('PUT', path, { metadata, ...kind.body(random) })],
      [4, () => this.#send('PATCH', path, { metadata: { labels } }, 'merge-patch')],
      [
        2,
        () =>
          this.#send(
            'PATCH',
            path,
            [{ op: 'add', path: '/metadata/labels/tier', value: labels.tier }],
            'json-patch',
          ),
      ],
      [2, () => this.#apply(kind, name, labels)],
      [kind.hasStatus ? 3 : 0, () => this.#send('PATCH', `${path}/status`, this.#status(), 'merge-patch')],
      [3, () => this.#send('DELETE', path)],
      [0.2, () => this.#send('DELETE', `${kind.collection}?labelSelector=lane%3D${this.#lane}`)],
    ]);
  }

  #apply({ collection, body }: Changed, name: string, labels: Body): Promise<void> {
    const [, api = '', version = ''] = /^\/apis?\/(?:(.+?)\/)?(v1)\//.exec(collection) ?? [];
    const plural = collection.slice(collection.lastIndexOf('/') + 1);
    const kind = kindOf[plural];
    const apiVersion = api === '' ? version : `${api}/${version}`;
    const object = { apiVersion, kind, metadata: { name, labels }, ...body(this.#random) };
    return this.#send(
      'PATCH',
      `${collection}/${name}?fieldManager=changes&force=true`,
      object,
      'apply-patch',
    );
  }

  #status(): Body {
    return { status: { observedGeneration: this.#random.below(9) } };
  }

  /** Sends until an answer comes: the server may be gone for a while. */
  async #send(method: string, path: string, body?: unknown, patch?: string): Promise<void> {
    const type = patch === undefined ? 'json' : `${patch}+${patch === 'apply-patch' ? 'yaml' : 'json'}`;
    for (;;) {
      const { server, token } = this.#address();
      const headers = { authorization: `Bearer ${token}`, 'content-type': `application/${type}` };
      const status = await this.#ask(`${server}${path}`, method, headers, body).catch(() => undefined);
      if (status !== undefined && status >= 500)
        throw new Error(`${method} ${path} answered ${String(status)}`);
      if (status !== undefined && status < 300) this.accepted += 1;
      if (status !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #ask(
    url: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: unknown,
  ): Promise<number> {
    const text = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const length = { 'content-length': String(Buffer.byteLength(text)) };
      const outgoing = request(
        url,
        { method, agent: this.#agent, headers: { ...headers, ...length } },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode ?? 0)).on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  }
}

const kindOf: Readonly<Record<string, string>> = {
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  pods: 'Pod',
  deployments: 'Deployment',
  leases: 'Lease',
  widgets: 'Widget',
};
