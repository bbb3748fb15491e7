import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import type { TestClusterOptions } from '../cluster.js';
import { describeWithCluster, fetchedClient } from '../kubectl/session.js';
import type { Ran, Session } from '../kubectl/session.js';

/** The path of a chart of these tests. */
export const chart = (name: string): string => fileURLToPath(new URL(`charts/${name}`, import.meta.url));

/** The Helms that tests drive: the newest, and the last of its third generation, which many still use. */
export const helms = [
  ['Helm 4', fetchedClient('helm')],
  ['Helm 3', fetchedClient('helm', 'helm-3')],
] as const;

/** A Helm and a running cluster that it works on; kubectl looks at what comes of it. */
export class Helm {
  constructor(
    readonly session: Session,
    readonly binary: string,
  ) {}

  /** What Helm prints. @throws Error when it fails */
  says(line: string): Promise<string> {
    return this.session.says(line, {}, this.binary);
  }

  /** What Helm complains of. @throws Error when it doesn't fail */
  refusal(line: string): Promise<string> {
    return this.session.refusal(line, {}, this.binary);
  }

  run(line: string): Promise<Ran> {
    return this.session.run(line, {}, this.binary);
  }

  /** What Helm prints as JSON. */
  async json<T>(line: string): Promise<T> {
    return JSON.parse(await this.says(`${line} -o json`)) as T;
  }

  /** Puts values into a file. Its path. */
  values(name: string, values: object): string {
    return this.session.file(`${name}.json`, JSON.stringify(values));
  }

  /** Status and description of each revision of a release, the oldest first. */
  async history(release: string): Promise<readonly string[]> {
    type Revision = Readonly<Record<'revision' | 'status' | 'description', string>>;
    const revisions = await this.json<readonly Revision[]>(`history ${release}`);
    return revisions.map(({ revision, status, description }) => `${revision} ${status}: ${description}`);
  }
}

/** Tests of a subject with one Helm and one running cluster. They are left out where there is no Helm. */
export function describeWithHelm(
  subject: string,
  options: TestClusterOptions,
  tests: (helm: () => Helm) => void,
  binary = fetchedClient('helm'),
): void {
  // `npm test` fetches each Helm that it can get, and fails without them where it must not.
  describe.skipIf(!existsSync(binary))('helm', () => {
    describeWithCluster(subject, options, (session) => {
      tests(() => new Helm(session(), binary));
    });
  });
}
