import { readFileSync } from 'node:fs';
import { ContainerServiceClient } from '@azure/arm-containerservice';
import { ClientSecretCredential, DefaultAzureCredential } from '@azure/identity';
import { readConnection } from '../connection.js';
import { format, outputFormats } from '../output/index.js';
import type { OutputFormat, OutputOptions } from '../output/index.js';
import { UsageError } from '../usage-error.js';

/** The flags that every `aks` command has. */
export interface GlobalFlags {
  readonly output: string;
  readonly query?: string;
  readonly cloud: string;
  readonly subscription?: string;
  /** No warnings and no progress. */
  readonly onlyShowErrors?: boolean;
}

/** Milliseconds between two looks at an operation where the server does not say. */
const pollMs = { local: 500, azure: 5000 };

/** A signed-in client and the way its results are shown. */
export interface Session {
  readonly aks: ContainerServiceClient;
  readonly subscriptionId: string;
  readonly updateIntervalInMs: number;
  readonly show: (result: unknown, columns?: OutputOptions['columns']) => void;
}

/**
 * Signs in: to the running local world, or with `--cloud AzureCloud` to Azure by the usual chain of credentials.
 *
 * @throws UsageError when no server runs, or a subscription or a format is missing.
 */
export function openSession(flags: GlobalFlags): Session {
  const show = (result: unknown, columns?: OutputOptions['columns']): void => {
    const { output, query } = flags;
    if (!isFormat(output)) {
      throw new UsageError(
        `argument --output: invalid choice: '${output}' (choose from ${outputFormats.join(', ')})`,
      );
    }
    const color = process.stdout.isTTY;
    const text = format(result, {
      output,
      color,
      ...(query !== undefined && { query }),
      ...(columns && { columns }),
    });
    process.stdout.write(text);
  };
  if (!isFormat(flags.output)) show(undefined);
  return { ...signIn(flags), show };
}

function signIn({ cloud, subscription }: GlobalFlags): Omit<Session, 'show'> {
  if (cloud === 'AzureCloud') {
    const subscriptionId = subscription ?? process.env['AZURE_SUBSCRIPTION_ID'];
    if (subscriptionId === undefined) {
      throw new UsageError('--cloud AzureCloud needs --subscription ID, or AZURE_SUBSCRIPTION_ID set.');
    }
    const aks = new ContainerServiceClient(new DefaultAzureCredential(), subscriptionId);
    return { aks, subscriptionId, updateIntervalInMs: pollMs.azure };
  }
  if (cloud !== 'Local') throw new UsageError(`--cloud must be Local or AzureCloud, not '${cloud}'.`);
  const connection = readConnection();
  if (!connection) {
    throw new UsageError(
      'Poolkeeper is not running. Start it with: poolkeeper up (or use Azure with --cloud AzureCloud)',
    );
  }
  const { endpoint, caPath, tenantId, clientId, clientSecret } = connection;
  const subscriptionId = subscription ?? connection.subscriptionId;
  const tlsOptions = { ca: readFileSync(caPath) };
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: endpoint,
    disableInstanceDiscovery: true,
    tlsOptions,
  });
  const aks = new ContainerServiceClient(credential, subscriptionId, { endpoint, tlsOptions });
  return { aks, subscriptionId, updateIntervalInMs: pollMs.local };
}

const isFormat = (text: string): text is OutputFormat => (outputFormats as readonly string[]).includes(text);
