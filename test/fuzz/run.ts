import type { FuzzAnswer } from './answer-reader.js';
import { judge } from './answer.js';
import { Connection } from './connection.js';
import type { FuzzTarget } from './connection.js';
import { discoveryType, materialFrom } from './material.js';
import { fuzzNamespaces } from './names.js';
import { Random } from './random.js';
import { anyRequest } from './requests.js';
import type { FuzzRequest } from './requests.js';

export interface FuzzOptions {
  readonly target: FuzzTarget;
  readonly requests: number;
  readonly seed: number;
  /** Requests under way at once, each on a connection of its own. Default: 16. */
  readonly concurrency?: number;
  /** Called with every wrong answer as it comes. */
  readonly onFault?: (fault: Fault) => void;
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
  /** How many answers there were of each status; 0 for requests that were left, and had none. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly faults: readonly Fault[];
}

const mostFaults = 50;

/** Sends requests made of chance; every one has to be answered, and well. */
export async function fuzz({
  target,
  requests,
  seed,
  concurrency = 16,
  onFault,
  onProgress,
}: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(seed);
  const connections = Array.from({ length: concurrency }, () => new Connection(target));
  const [first = new Connection(target)] = connections;
  const discovery = await Promise.all(
    ['/api', '/apis'].map((path) => sendPlain(new Connection(target), 'GET', path, undefined)),
  );
  for (const name of fuzzNamespaces) {
    await sendPlain(first, 'POST', '/api/v1/namespaces', JSON.stringify({ metadata: { name } }));
  }
  const material = materialFrom(discovery);
  const statuses = new Map<number, number>();
  const faults: Fault[] = [];
  const add = (fault: Fault): void => {
    faults.push(fault);
    onFault?.(fault);
  };
  let started = 0;
  let answered = 0;
  const sendOn = async (connection: Connection): Promise<void> => {
    while (started < requests && faults.length < mostFaults) {
      started += 1;
      const request = anyRequest(random, material);
      try {
        const outcome = await connection.send(request);
        const status = outcome === 'no answer' ? 0 : outcome.status;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (outcome !== 'no answer') {
          const { fault, value } = judge(request, outcome);
          if (fault !== undefined) add({ what: fault, request, answer: outcome });
          else if (status < 300) material.learned.take(value, outcome.text);
        }
      } catch (error) {
        add({ what: `was not answered: ${String(error)}`, request, answer: undefined });
      }
      answered += 1;
      if (answered % 5000 === 0) onProgress?.(answered);
    }
  };
  await Promise.all(connections.map(sendOn));
  for (const connection of connections) connection.close();
  return { answered, statuses, faults };
}

async function sendPlain(
  connection: Connection,
  method: string,
  path: string,
  body: string | undefined,
): Promise<string> {
  const headers = { accept: discoveryType, 'content-type': 'application/json' };
  const outcome = await connection.send({ method, path, headers, body, delivery: { kind: 'whole' } });
  return outcome === 'no answer' ? '' : outcome.text;
}

/** A fault in a few lines, to repeat it by hand. */
export function describeFault({ what, request, answer }: Fault): string {
  const { method, path, headers, body, delivery } = request;
  const text = body === undefined ? '' : Buffer.isBuffer(body) ? `base64 ${body.toString('base64')}` : body;
  const short = text.length > 1500 ? `${text.slice(0, 1500)}… (${String(text.length)} characters)` : text;
  return [
    `${method} ${path} ${what}`,
    `  headers ${JSON.stringify(headers)}`,
    ...(delivery.kind === 'raw'
      ? [`  bytes ${JSON.stringify(delivery.bytes('').toString('latin1').slice(0, 600))}`]
      : [`  sent ${JSON.stringify(delivery)}`]),
    ...(short === '' ? [] : [`  body ${short}`]),
    ...(answer === undefined ? [] : [`  answer ${answer.text.slice(0, 600)}`]),
  ].join('\n');
}
