import { Agent, request as httpsRequest } from 'node:https';
import { faultOf } from './answer.js';
import type { FuzzAnswer } from './answer.js';
import { discoveryType, materialFrom } from './material.js';
import { Random } from './random.js';
import { anyRequest, fuzzNamespaces } from './requests.js';
import type { FuzzRequest } from './requests.js';

/** The cluster that is sent to. */
export interface FuzzTarget {
  readonly server: string;
  readonly token: string;
  readonly caPem: string;
}

export interface FuzzOptions {
  readonly target: FuzzTarget;
  readonly requests: number;
  readonly seed: number;
  /** Requests under way at once. Default: 8. */
  readonly concurrency?: number;
  /** Called now and then with how many have been answered. */
  readonly onProgress?: (answered: number) => void;
}

/** A request whose answer is wrong. */
export interface Fault {
  readonly what: string;
  readonly request: FuzzRequest;
  readonly answer: FuzzAnswer | undefined;
}

export interface FuzzResult {
  readonly answered: number;
  /** How many answers there were of each status. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly faults: readonly Fault[];
}

/** Longer than any answer takes that ends by itself. */
const patience = 20_000;
/** A watch is left after so long. */
const watchPatience = 300;
const mostFaults = 50;

/** Sends requests made of chance; every one has to be answered, and well. */
export async function fuzz({
  target,
  requests,
  seed,
  concurrency = 8,
  onProgress,
}: FuzzOptions): Promise<FuzzResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency, ca: target.caPem });
  const random = new Random(seed);
  const discovery = await Promise.all(
    ['/api', '/apis'].map((path) =>
      send(agent, target, { method: 'GET', path, headers: { accept: discoveryType }, body: undefined }),
    ),
  );
  for (const name of fuzzNamespaces) {
    const body = JSON.stringify({ metadata: { name } });
    const headers = { 'content-type': 'application/json' };
    await send(agent, target, { method: 'POST', path: '/api/v1/namespaces', headers, body });
  }
  const material = materialFrom(discovery.map(({ text }) => text));
  const statuses = new Map<number, number>();
  const faults: Fault[] = [];
  let started = 0;
  let answered = 0;
  const sendOn = async (): Promise<void> => {
    while (started < requests && faults.length < mostFaults) {
      started += 1;
      const request = anyRequest(random, material);
      try {
        const answer = await send(agent, target, request);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const what = faultOf(request, answer);
        if (what !== undefined) faults.push({ what, request, answer });
      } catch (error) {
        faults.push({ what: `was not answered: ${String(error)}`, request, answer: undefined });
      }
      answered += 1;
      if (answered % 5000 === 0) onProgress?.(answered);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sendOn));
  agent.destroy();
  return { answered, statuses, faults };
}

function send(
  agent: Agent,
  { server, token }: FuzzTarget,
  { method, path, headers, body }: FuzzRequest,
): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const isWatch = /[?&]watch(=|&|$)/.test(path);
    const outgoing = httpsRequest(
      `${server}/`,
      {
        agent,
        method,
        path: new URL(server).pathname + path,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (incoming) => {
        let text = '';
        const answered = (isWhole: boolean) =>
          resolve({
            status: incoming.statusCode ?? 0,
            type: incoming.headers['content-type'] ?? '',
            text,
            isWhole,
          });
        // What is compressed is only counted.
        incoming.on(
          'data',
          (chunk: Buffer) => (text += incoming.headers['content-encoding'] ? '' : chunk.toString()),
        );
        incoming.on('end', () => answered(incoming.headers['content-encoding'] === undefined));
        incoming.on('error', () => answered(false));
        if (isWatch && incoming.statusCode === 200) {
          setTimeout(() => {
            answered(false);
            outgoing.destroy();
          }, watchPatience).unref();
        }
      },
    );
    outgoing.setTimeout(patience, () => outgoing.destroy(new Error(`no answer in ${String(patience)} ms`)));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The server may end the connection when it refuses a body that is too large while it still comes.
      const isTooLarge = body !== undefined && body.length > 3_000_000;
      if (isTooLarge && ['EPIPE', 'ECONNRESET'].includes(error.code ?? '')) {
        resolve({ status: 413, type: '', text: '', isWhole: false });
      } else reject(error);
    });
    outgoing.end(body);
  });
}

/** A fault in a few lines, to repeat it by hand. */
export function describeFault({ what, request, answer }: Fault): string {
  const { method, path, headers, body } = request;
  const short = body === undefined ? '' : Buffer.isBuffer(body) ? `base64 ${body.toString('base64')}` : body;
  return [
    `${method} ${path} ${what}`,
    `  headers ${JSON.stringify(headers)}`,
    ...(short === ''
      ? []
      : [
          `  body ${short.length > 1500 ? `${short.slice(0, 1500)}… (${String(short.length)} characters)` : short}`,
        ]),
    ...(answer === undefined ? [] : [`  answer ${answer.text.slice(0, 600)}`]),
  ].join('\n');
}
