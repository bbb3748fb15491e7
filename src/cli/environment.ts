import { join } from 'node:path';
import { homeDirectory } from './connection.js';
import type { Connection } from './connection.js';

export const shells = ['bash', 'powershell', 'json'] as const;
export type Shell = (typeof shells)[number];

/** Environment variables that point `az`, Terraform and the SDKs at the server. */
export const environmentOf = (connection: Connection): Readonly<Record<string, string>> => ({
  // az: a configuration of its own, so that the user's sign-in to Azure stays as it is.
  AZURE_CONFIG_DIR: join(homeDirectory(), 'azure-cli'),
  AZURE_CORE_COLLECT_TELEMETRY: 'no',
  AZURE_CORE_INSTANCE_DISCOVERY: 'false',
  REQUESTS_CA_BUNDLE: connection.caPath,
  // Node's SDKs, and Go's (Terraform).
  NODE_EXTRA_CA_CERTS: connection.caPath,
  SSL_CERT_FILE: connection.caPath,
  AZURE_AUTHORITY_HOST: connection.endpoint,
  AZURE_TENANT_ID: connection.tenantId,
  AZURE_CLIENT_ID: connection.clientId,
  AZURE_CLIENT_SECRET: connection.clientSecret,
  AZURE_SUBSCRIPTION_ID: connection.subscriptionId,
  // Terraform's azurerm provider.
  ARM_METADATA_HOSTNAME: connection.endpoint.replace(/^https:\/\//, ''),
  ARM_TENANT_ID: connection.tenantId,
  ARM_CLIENT_ID: connection.clientId,
  ARM_CLIENT_SECRET: connection.clientSecret,
  ARM_SUBSCRIPTION_ID: connection.subscriptionId,
});

/**
 * The endpoints of the cloud, all of them: an authority that ends in /adfs spares the look-up of the public one that every
 * version of az makes for another host.
 */
const cloudFlags = (endpoint: string): string =>
  [
    '--name Poolkeeper',
    `--endpoint-resource-manager ${endpoint}`,
    `--endpoint-active-directory ${endpoint}/adfs`,
    `--endpoint-active-directory-resource-id ${endpoint}/`,
    `--endpoint-active-directory-graph-resource-id ${endpoint}/graph/`,
    '--output none',
  ].join(' ');

const signInLines = ({ clientId, clientSecret, tenantId }: Connection): readonly string[] => [
  'az cloud set --name Poolkeeper --output none',
  `az login --service-principal --username ${clientId} --password ${clientSecret} --tenant ${tenantId} --output none`,
];

/** The commands that sign the Azure CLI in; they can be run again. */
const azLines = (connection: Connection): readonly string[] => [
  `az cloud register ${cloudFlags(connection.endpoint)} 2>/dev/null || az cloud update ${cloudFlags(connection.endpoint)}`,
  ...signInLines(connection),
];

const powershellLines = (connection: Connection): readonly string[] => [
  `az cloud register ${cloudFlags(connection.endpoint)}`,
  `az cloud update ${cloudFlags(connection.endpoint)}`,
  ...signInLines(connection),
];

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/** What to run in a shell so that its `az`, Terraform and SDK programs use the server. */
export function environmentLines(connection: Connection, shell: Shell): string {
  const variables = environmentOf(connection);
  switch (shell) {
    case 'json':
      return JSON.stringify(variables, null, 2);
    case 'powershell':
      return [
        ...Object.entries(variables).map(
          ([name, value]) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
        ),
        ...powershellLines(connection),
      ].join('\n');
    case 'bash':
      return [
        ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
        ...azLines(connection),
      ].join('\n');
  }
}
