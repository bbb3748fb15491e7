import { readFileSync } from 'node:fs';

/** The real clients that tests drive. */
export type Client = 'az' | 'kubectl' | 'helm';

/** Why a real client is not here, `undefined` when it is; `npm test` looks for the clients first. */
export function missingClient(client: Client): string | undefined {
  return missingClients()[client];
}

export function missingClients(): Readonly<Partial<Record<Client, string>>> {
  try {
    const text = readFileSync(new URL('../.vitest-clients.json', import.meta.url), 'utf8');
    return (JSON.parse(text) as { missing: Partial<Record<Client, string>> }).missing;
  } catch {
    return {};
  }
}
