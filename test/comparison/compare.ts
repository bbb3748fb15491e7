/**
 * Compares this API server with another one, e.g. a real kube-apiserver, answer by answer: discovery, what is filled in and
 * owned in sound objects of each kind, and the errors and warnings for bodies with something wrong. All writes are dry runs.
 *
 *   npm run compare -- https://real:6443=TOKEN https://ours:6443=TOKEN
 *   npm run compare -- real.kubeconfig ours.kubeconfig
 *
 * A server is an address with a bearer token, or a kubeconfig whose first user has one. The certificates of the servers are
 * not checked: they are for tests. Differences are printed; the outcome is 1 when there are any. Some are meant, see
 * docs/fidelity.md: values that the real server prints as Go's structs, and what admission plugins of only one of them do.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { invalid, sound } from './corpus.js';
import type { Case } from './corpus.js';
import { sequences } from './sequences.js';
import type { Sequence, Step } from './sequences.js';

interface Server {
  readonly address: string;
  readonly token: string;
}

interface Answer {
  readonly status: number;
  readonly warning: string | undefined;
  readonly body: unknown;
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});

function serverOf(argument: string): Server {
  const [, address, token] = /^(https:\/\/[^=]+)=(.+)$/.exec(argument) ?? [];
  if (address !== undefined && token !== undefined) return { address, token };
  const { clusters, users } = parse(readFileSync(argument, 'utf8')) as {
    readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
    readonly users: readonly { readonly user: { readonly token?: string } }[];
  };
  const server = clusters[0]?.cluster.server;
  const secret = users[0]?.user.token;
  if (server === undefined || secret === undefined)
    throw new Error(`${argument} has no cluster with a token`);
  return { address: server, token: secret };
}

const agent = new Agent({ rejectUnauthorized: false, keepAlive: true });

function send(
  { address, token }: Server,
  method: string,
  path: string,
  body?: unknown,
  given: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    // Without a length Node sends the body of a DELETE where none is looked for.
    ...(text !== undefined && { 'content-length': Buffer.byteLength(text) }),
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json',
    ...given,
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(address + path), { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type']?.includes('json') === true;
        const warning = response.headers['warning'];
        resolve({
          status: response.statusCode ?? 0,
          warning: typeof warning === 'string' ? warning : undefined,
          body: isJson ? parsedJson(text) : text,
        });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** A watch answers several values, one a line. */
function parsedJson(text: string): unknown {
  const lines = text.trim().split('\n');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return lines.map((line) => (line === '' ? undefined : (JSON.parse(line) as unknown)));
  }
}

/** What differs from run to run. */
const drifting = new Set([
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'time',
  'lastTransitionTime',
  'lastPhaseTransitionTime',
]);

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (!isMembers(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !drifting.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, settled(member)]));
}

/** Where two values differ, a line each. */
function differences(real: unknown, ours: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(real, ours)) return [];
  const isAlike = isMembers(real) ? isMembers(ours) : Array.isArray(real) && Array.isArray(ours);
  if (isAlike) {
    const [a, b] = [Object(real) as Members, Object(ours) as Members];
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return names.flatMap((name) => differences(a[name], b[name], `${path}.${name}`));
  }
  const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300);
  return [`${path}: ${shown(real)} here ${shown(ours)}`];
}

/** What of an answer is compared: of an error all but its time, of a success its object too when `object` is. */
function comparable({ status, warning, body }: Answer, what: 'answer' | 'object'): Members {
  const { reason, message, details } = membersOf(body);
  if (status >= 400) return { status, warning, reason, message, details };
  return what === 'object' ? { status, warning, object: settled(body) } : { status, warning };
}

/** What controllers of one server alone write is left out. */
function withoutStatus(value: unknown): unknown {
  if (!isMembers(value)) return value;
  const { status, ...rest } = value;
  return value['kind'] === 'Deployment' ? rest : { ...rest, ...(status !== undefined && { status }) };
}

async function compareSequence(servers: readonly [Server, Server], sequence: Sequence, tally: Tally) {
  const clean = async () => {
    for (const server of servers)
      for (const path of sequence.objects) {
        const type = { 'content-type': 'application/merge-patch+json' };
        await send(server, 'PATCH', path, { metadata: { finalizers: null } }, type);
        await send(server, 'DELETE', path, { propagationPolicy: 'Background' });
      }
  };
  await clean();
  const before: [Members[], Members[]] = [[], []];
  for (const given of sequence.steps) {
    const shown: { readonly step: Step; readonly answer: Answer }[] = [];
    for (const [index, server] of servers.entries()) {
      const answers = before[index as 0 | 1];
      const step = typeof given === 'function' ? given(answers) : given;
      const body = typeof step.body === 'function' ? step.body(answers) : step.body;
      const answer = await send(server, step.method, step.path, body, step.headers);
      answers.push(membersOf(answer.body));
      shown.push({ step, answer: { ...answer, body: withoutStatus(answer.body) } });
    }
    const [real, ours] = shown;
    if (!real || !ours) continue;
    const { method, path, body, headers } = real.step;
    const sent = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
    const title = `${sequence.name}: ${method} ${path.slice(0, 200)} ${sent.slice(0, 200)} ${headers?.['accept'] ?? ''}${headers?.['content-type'] ?? ''}`;
    report(tally, title, differences(comparable(real.answer, 'object'), comparable(ours.answer, 'object')));
  }
  await clean();
}

interface Tally {
  equal: number;
  different: number;
}

function report(tally: Tally, title: string, found: readonly string[]): void {
  if (found.length === 0) {
    tally.equal += 1;
    return;
  }
  tally.different += 1;
  console.log([title, ...found.map((line) => `    ${line}`)].join('\n'));
}

async function compareCases(
  servers: readonly [Server, Server],
  cases: readonly Case[],
  what: 'answer' | 'object',
  tally: Tally,
): Promise<void> {
  for (const [path, body] of cases) {
    const target = `${path}${path.includes('?') ? '&' : '?'}dryRun=All&fieldManager=compare`;
    const [real, ours] = await Promise.all(servers.map((server) => send(server, 'POST', target, body)));
    if (!real || !ours) continue;
    const title = `POST ${path} ${JSON.stringify(body).slice(0, 200)}`;
    report(tally, title, differences(comparable(real, what), comparable(ours, what)));
  }
}

const discovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The resources of an aggregated discovery by group, version and name. */
function resourcesOf({ body }: Answer): Members {
  const list = (value: unknown): readonly Members[] => (Array.isArray(value) ? value.map(membersOf) : []);
  return Object.fromEntries(
    list(membersOf(body)['items']).flatMap(({ metadata, versions }) =>
      list(versions).flatMap(({ version, resources }) =>
        list(resources).map((one) => [
          [membersOf(metadata)['name'] ?? '', version, one['resource']].join('/'),
          one,
        ]),
      ),
    ),
  );
}

async function compareDiscovery(servers: readonly [Server, Server], tally: Tally): Promise<void> {
  for (const path of ['/api', '/apis']) {
    const [real, ours] = await Promise.all(
      servers.map((server) => send(server, 'GET', path, undefined, { accept: discovery })),
    );
    if (!real || !ours) continue;
    const [a, b] = [resourcesOf(real), resourcesOf(ours)];
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      report(tally, `GET ${path} ${name}`, differences(a[name], b[name]));
  }
}

const [first, second] = process.argv.slice(2);
if (first === undefined || second === undefined) {
  console.error('two servers, please: npm run compare -- REAL OURS, each URL=TOKEN or a kubeconfig');
  process.exit(2);
}
const servers = [serverOf(first), serverOf(second)] as const;
const tally: Tally = { equal: 0, different: 0 };
await compareDiscovery(servers, tally);
await compareCases(servers, sound, 'object', tally);
await compareCases(servers, invalid, 'answer', tally);
for (const sequence of sequences) await compareSequence(servers, sequence, tally);
console.log(`${String(tally.equal)} equal, ${String(tally.different)} different`);
agent.destroy();
process.exitCode = tally.different === 0 ? 0 : 1;
