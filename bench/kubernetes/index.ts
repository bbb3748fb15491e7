/**
 * The Kubernetes API as its clients meet it: writes a second, long lists, many watchers. The same scenes run against a real
 * kube-apiserver where KUBE_APISERVER (and ETCD) name one, and the ratio is printed.
 */
import { Client } from './client.js';
import type { Answer } from './client.js';
import { startKubeApiserver, startPoolkeeper } from './target.js';
import type { Target } from './target.js';

/** What a scene measured: its text, and the figure that is compared, where more is better. */
interface Measured {
  readonly text: string;
  readonly rate: number;
}

type Scene = (client: Client, target: Target) => Promise<Measured>;

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';

/** Runs `work` over and over with some clients at once. */
async function perSecond(
  count: number,
  clients: number,
  work: (index: number) => Promise<Answer>,
): Promise<Measured> {
  const times: number[] = [];
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) {
        const { totalMs, status, text } = await work(next++);
        if (status >= 400) throw new Error(text);
        times.push(totalMs);
      }
    }),
  );
  const rate = (count / (performance.now() - start)) * 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => ms(times[Math.floor(times.length * share)] ?? 0);
  return { text: `${rate.toFixed(0)}/s, p50 ${at(0.5)}, p99 ${at(0.99)}`, rate };
}

const map = (index: number, value = 'x') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `map-${String(index)}` },
  data: { key: value.repeat(200) },
});
const mapPath = (index: number): string => `${maps}/map-${String(index % 3000)}`;

/** Pods that no scheduler takes: what is measured is the API. */
const pod = (app: string, index: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${app}-${String(index)}`, labels: { app } },
  spec: {
    schedulerName: 'nobody',
    containers: [{ name: 'c', image: 'i:1', resources: { requests: { cpu: '100m', memory: '128Mi' } } }],
  },
});

const fanOut =
  (watchers: number, updates: number): Scene =>
  async (client) => {
    let events = 0;
    const path = `/api/v1/namespaces/kube-public/configmaps`;
    await client.send(path, 'POST', { ...map(0), metadata: { name: 'watched' } });
    const close = await client.watch(`${path}?watch=1`, watchers, (count) => (events += count));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    events = 0;
    const start = performance.now();
    for (let update = 0; update < updates; update += 10) {
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          client.send(
            `${path}/watched`,
            'PATCH',
            { data: { turn: String(update + index) } },
            'application/merge-patch+json',
          ),
        ),
      );
    }
    while (events < watchers * updates) await new Promise((resolve) => setTimeout(resolve, 5));
    const seconds = (performance.now() - start) / 1000;
    close();
    const rate = events / seconds;
    return { text: `${rate.toFixed(0)} events/s, ${(updates / seconds).toFixed(0)} updates/s`, rate };
  };

const listOf =
  (app: string, query: string): Scene =>
  async (client, target) => {
    const before = target.memory();
    const answer = await client.send(`${pods}?labelSelector=app%3D${app}${query}`);
    if (answer.status !== 200) throw new Error(answer.text);
    const size = `${(answer.bytes / 1e6).toFixed(1)} MB`;
    const memory = `${String(before)} MB before, ${String(target.memory())} MB after`;
    const text = `first byte ${ms(answer.firstByteMs)}, all ${ms(answer.totalMs)}, ${size}; ${memory}`;
    return { text, rate: 1000 / answer.totalMs };
  };

const scenes: readonly (readonly [name: string, scene: Scene])[] = [
  // The first requests that a process answers: ours has its code compiled while it runs.
  [
    'create a ConfigMap, durable, 16 clients, process just begun',
    (client) => perSecond(3000, 16, (n) => client.send(maps, 'POST', map(n))),
  ],
  ['get a ConfigMap, 16 clients', (client) => perSecond(6000, 16, (n) => client.send(mapPath(n)))],
  [
    'update a ConfigMap, durable, 16 clients',
    (client) => perSecond(3000, 16, (n) => client.send(mapPath(n), 'PUT', map(n, 'y'))),
  ],
  [
    'merge-patch a ConfigMap, durable, 16 clients',
    (client) =>
      perSecond(3000, 16, (n) =>
        client.send(mapPath(n), 'PATCH', { data: { key: 'z' } }, 'application/merge-patch+json'),
      ),
  ],
  [
    'apply a ConfigMap on the server, durable, 16 clients',
    (client) =>
      perSecond(3000, 16, (n) =>
        client.send(
          `${mapPath(n)}?fieldManager=bench&force=true`,
          'PATCH',
          map(n, 'w'),
          'application/apply-patch+yaml',
        ),
      ),
  ],
  [
    'create a ConfigMap, durable, 16 clients',
    (client) => perSecond(3000, 16, (n) => client.send(maps, 'POST', map(10_000 + n))),
  ],
  ['100 watchers, 1,000 updates, until each has seen each', fanOut(100, 1000)],
  ['1,000 watchers, 1,000 updates, until each has seen each', fanOut(1000, 1000)],
  [
    'create a pod, durable, 64 clients, 10,000 of them',
    (client) => perSecond(10_000, 64, (n) => client.send(pods, 'POST', pod('few', n))),
  ],
  ['list of 10,000 pods, whole', listOf('few', '')],
  ['list of 10,000 pods, first 500', listOf('few', '&limit=500')],
  [
    'create a pod, durable, 64 clients, 100,000 of them',
    (client) => perSecond(100_000, 64, (n) => client.send(pods, 'POST', pod('many', n))),
  ],
  ['list of 100,000 pods, whole', listOf('many', '')],
  ['list of 100,000 pods, first 500', listOf('many', '&limit=500')],
];

/** Scenes whose names have the program's argument in them; all without one. */
const asked = process.argv[2] ?? '';
const chosen = scenes.filter(([name]) => name.includes(asked));

async function measure(target: Target): Promise<readonly Measured[]> {
  const client = new Client(target);
  const results: Measured[] = [];
  console.log(`\n${target.name}, ${String(target.memory())} MB`);
  for (const [name, scene] of chosen) {
    const measured = await scene(client, target);
    results.push(measured);
    console.log(`${name.padEnd(60)} ${measured.text}`);
  }
  client.close();
  await target.stop();
  return results;
}

const ours = await measure(await startPoolkeeper());
const real = await startKubeApiserver();
if (real) {
  const theirs = await measure(real);
  console.log('\nPoolkeeper to kube-apiserver (more is faster)');
  for (const [index, [name]] of chosen.entries()) {
    const ratio = (ours[index]?.rate ?? 0) / (theirs[index]?.rate ?? 1);
    console.log(`${name.padEnd(60)} ${ratio.toFixed(2)}x`);
  }
} else console.log('\nNo kube-apiserver beside it: KUBE_APISERVER names none.');
process.exit(0);
