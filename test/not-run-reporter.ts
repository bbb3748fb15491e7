import type { Reporter } from 'vitest/node';
import { missingClients } from './clients.js';

/** Says in the run's last lines which suites did not run, and why. */
export default class NotRunReporter implements Reporter {
  onTestRunEnd(): void {
    const missing = Object.entries(missingClients());
    if (missing.length === 0) return;
    process.stdout.write('\nDid not run:\n');
    for (const [client, reason] of missing) process.stdout.write(`  tests of ${client}: ${reason}\n`);
  }
}
