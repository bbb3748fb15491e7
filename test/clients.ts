import { readFileSync } from 'node:fs';

/** Why a suite's real client is not here, `undefined` when it is; `npm test` looks for the clients first. */
export function missingClient(suite: string): string | undefined {
  return missingClients()[suite];
}

export function missingClients(): Readonly<Record<string, string>> {
  try {
    const text = readFileSync(new URL('../.vitest-clients.json', import.meta.url), 'utf8');
    return (JSON.parse(text) as { missing: Record<string, string> }).missing;
  } catch {
    return {};
  }
}
