import type { FuzzRequest } from './requests.js';

/** What came back, as far as it was read. */
export interface FuzzAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** False for a watch that was left before it ended. */
  readonly isWhole: boolean;
}

/** Refusals that a real API server words as its own failures: the client asked for what can't be had now. */
const ownFailures = [
  /Too large resource version/,
  /This pod has more than one PodDisruptionBudget/,
  /failed calling webhook/,
  /requested groups, a uid or extra values without impersonating a user/,
];

/** What is wrong with an answer; undefined when nothing is. */
export function faultOf(
  { method, path }: FuzzRequest,
  { status, type, text, isWhole }: FuzzAnswer,
): string | undefined {
  if (status >= 500 && !ownFailures.some((words) => words.test(text))) return `answered ${String(status)}`;
  if (/\bat .{0,200}\.[jt]s:\d+/.test(text)) return 'shows the server’s own lines';
  if (method === 'HEAD' || !isWhole) return undefined;
  if (!type.startsWith('application/json'))
    return status >= 400 && !type.startsWith('application/yaml') ? `refuses in ${type}` : undefined;
  // A watch may end before anything happens.
  if (text === '')
    return status === 304 || (status === 200 && /[?&]watch/.test(path)) ? undefined : 'is empty';
  let parsed: unknown;
  try {
    // A watch sends one object a line.
    parsed = text.trimEnd().includes('\n{')
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown)
      : JSON.parse(text);
  } catch {
    return 'is not the JSON that it says it is';
  }
  if (status < 400) return undefined;
  const { kind, code, status: outcome, message } = parsed as Record<string, unknown>;
  const isStatus =
    kind === 'Status' &&
    code === status &&
    outcome === 'Failure' &&
    typeof message === 'string' &&
    message !== '';
  return isStatus ? undefined : 'refuses without a Status';
}
