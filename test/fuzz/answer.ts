import { isWatch } from './connection.js';
import type { FuzzAnswer } from './answer-reader.js';
import type { FuzzRequest } from './requests.js';

/** Refusals that a real API server words as its own failures: the client asked for what can't be had now. */
const ownFailures = [
  /Too large resource version/,
  /This pod has more than one PodDisruptionBudget/,
  /failed calling webhook/,
  /failed to create typed (patch|live) object/,
  // Resource versions and options of deletions that can't be read.
  /strconv\.ParseUint: parsing/,
  /cannot unmarshal .{0,200} into Go struct field \w*(?:DeleteOptions|Preconditions)/s,
  /no kind .{0,200} is registered for version/s,
  /requested groups, a uid or extra values without impersonating a user/,
];

/** What comes before the API is told as text, as by a real API server. */
const plainRefusals: ReadonlySet<string> = new Set(['404 page not found\n', '415: Unsupported Media Type']);

/** What an answer says, and what is wrong with it; undefined when nothing is. */
export interface Judged {
  readonly fault: string | undefined;
  /** Of a JSON answer: its value, or the values of its lines. */
  readonly value: unknown;
}

const fault = (what: string): Judged => ({ fault: what, value: undefined });
const fine = (value?: unknown): Judged => ({ fault: undefined, value });

/** Reads an answer and looks for what is wrong with it. */
export function judge({ method, path, delivery }: FuzzRequest, answer: FuzzAnswer): Judged {
  const { status, type, text, isWhole } = answer;
  // What a HEAD is refused with can't be read: a GET of the same path tells.
  if (status >= 500 && method !== 'HEAD' && !ownFailures.some((words) => words.test(text)))
    return fault(`answered ${String(status)}`);
  if (showsLines(text)) return fault('shows the server’s own lines');
  if (method === 'HEAD' || !isWhole) return fine();
  // HTTP itself is answered by the HTTP server, in its own words.
  if (delivery.kind === 'raw') return fine();
  if (plainRefusals.has(text)) return fine();
  if (!type.startsWith('application/json'))
    return status >= 400 && !type.startsWith('application/yaml') ? fault(`refuses in ${type}`) : fine();
  // A watch may end before anything happens.
  if (text === '')
    return status === 304 || (status === 200 && isWatch({ path })) ? fine() : fault('is empty');
  let value: unknown;
  try {
    // A watch sends one object a line.
    value = text.trimEnd().includes('\n{')
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown)
      : JSON.parse(text);
  } catch {
    return fault('is not the JSON that it says it is');
  }
  if (status < 400) return fine(value);
  const { kind, code, status: outcome, message } = value as Record<string, unknown>;
  const isStatus =
    kind === 'Status' &&
    code === status &&
    outcome === 'Failure' &&
    typeof message === 'string' &&
    message !== '';
  return isStatus ? fine(value) : fault('refuses without a Status');
}

/** A place in a program, as errors name it. */
const showsLines = (text: string): boolean =>
  text.length < 200_000 && text.includes('s:') && /\bat .{0,200}\.[jt]s:\d+/.test(text);
