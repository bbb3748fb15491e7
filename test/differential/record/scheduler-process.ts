/** A kube-scheduler, and what it logs. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../case.js';
import type { ControlPlane } from './control-plane.js';
import { end, pause, RecordingError, start } from './programs.js';

/** What a line says, and of what: `"Add event for node" node="n1"`. */
export interface LogLine {
  readonly message: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The files of kube-scheduler whose lines are read: what it has seen, how it scores, whom it preempts, which volumes it takes. */
const verbosity = 'eventhandlers=5,schedule_one=10,preemption=5,binder=4,server=3';

export class SchedulerProcess {
  readonly #lines = new Map<string, LogLine[]>();
  readonly #child: ChildProcess;
  #lastError = '';

  private constructor(program: string, configurationFile: string) {
    this.#child = start(
      program,
      { config: configurationFile, 'secure-port': '0', v: '1', vmodule: verbosity },
      (line) => {
        this.#add(line);
      },
    );
  }

  /**
   * With the profiles given.
   * @throws RecordingError with its last words when it ends
   */
  static async start(
    program: string,
    { api, directory }: ControlPlane,
    { profiles = [] }: Configuration,
  ): Promise<SchedulerProcess> {
    const kubeconfig = join(directory, 'kubeconfig');
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'here', cluster: { server: api.server, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'scheduler', user: { token: api.token } }],
        contexts: [{ name: 'here', context: { cluster: 'here', user: 'scheduler' } }],
        'current-context': 'here',
      }),
      { mode: 0o600 },
    );
    const file = join(directory, 'scheduler.json');
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'kubescheduler.config.k8s.io/v1',
        kind: 'KubeSchedulerConfiguration',
        clientConnection: { kubeconfig, qps: 5000, burst: 5000 },
        leaderElection: { leaderElect: false },
        profiles,
      }),
    );
    const started = new SchedulerProcess(program, file);
    for (let waited = 0; !started.#isRunning(); waited++) {
      if (started.#child.exitCode !== null || waited > 600) {
        await started.stop();
        throw new RecordingError(`kube-scheduler did not start: ${started.#lastError}`);
      }
      await pause(100);
    }
    return started;
  }

  /** The lines with this message since the last `forget`. */
  lines(message: string): readonly LogLine[] {
    return this.#lines.get(message) ?? [];
  }

  forget(): void {
    this.#lines.clear();
  }

  /** For what has to be looked at by a person. */
  everything(): readonly LogLine[] {
    return [...this.#lines.values()].flat();
  }

  stop(): Promise<void> {
    return end(this.#child);
  }

  #isRunning(): boolean {
    return this.lines('Handlers synced').length > 0;
  }

  #add(line: string): void {
    const parsed = parseLine(line);
    if (parsed === undefined) {
      if (line.trim() !== '') this.#lastError = line;
      return;
    }
    if (line.startsWith('E')) this.#lastError = line;
    const same = this.#lines.get(parsed.message);
    if (same === undefined) this.#lines.set(parsed.message, [parsed]);
    else same.push(parsed);
  }
}

/** klog's text format; undefined for what is not in it. */
export function parseLine(line: string): LogLine | undefined {
  const [, message, rest = ''] = /^[IWE]\d{4} .*?\] "((?:[^"\\]|\\.)*)"(.*)$/.exec(line) ?? [];
  if (message === undefined) return undefined;
  const values = [...rest.matchAll(/ (\w+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(
    ([, key = '', value = '']) => [key, value.startsWith('"') ? unquoted(value) : value] as const,
  );
  return { message: unquoted(`"${message}"`), values: Object.fromEntries(values) };
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
