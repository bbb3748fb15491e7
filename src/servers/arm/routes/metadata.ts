import type { FastifyInstance } from 'fastify';
import type { ArmParts } from '../access.js';
import { apiVersionOf } from '../access.js';

/** Cloud metadata, without sign-in, in the three shapes that clients ask for by api-version. */
export function registerMetadata(app: FastifyInstance, { endpoint, world }: ArmParts): void {
  app.get('/metadata/endpoints', (request) => {
    const version = apiVersionOf(new URLSearchParams(request.url.split('?')[1] ?? '')) ?? '2015-01-01';
    if (version < '2019-05-01') return oldMetadata(endpoint());
    const cloud = newMetadata(endpoint(), world.subscription.tenantId, version < '2022-09-01');
    return version < '2022-09-01' ? [cloud] : cloud;
  });
}

const oldMetadata = (endpoint: string) => ({
  galleryEndpoint: `${endpoint}/gallery`,
  graphEndpoint: `${endpoint}/graph/`,
  portalEndpoint: `${endpoint}/portal`,
  authentication: { loginEndpoint: `${endpoint}/adfs`, audiences: [`${endpoint}/`] },
});

const newMetadata = (endpoint: string, tenantId: string, adfs: boolean) => ({
  name: 'Poolkeeper',
  portal: `${endpoint}/portal`,
  resourceManager: `${endpoint}/`,
  authentication: {
    loginEndpoint: adfs ? `${endpoint}/adfs` : endpoint,
    audiences: [`${endpoint}/`],
    tenant: tenantId,
    identityProvider: adfs ? 'ADFS' : 'AAD',
  },
  graph: `${endpoint}/graph/`,
  graphAudience: `${endpoint}/graph/`,
  microsoftGraphResourceId: `${endpoint}/graph/`,
  gallery: `${endpoint}/gallery`,
  batch: `${endpoint}/batch/`,
  media: `${endpoint}/media`,
  sqlManagement: `${endpoint}/sql`,
  vmImageAliasDoc: `${endpoint}/aliases.json`,
  activeDirectoryDataLake: `${endpoint}/datalake/`,
  logAnalyticsResourceId: `${endpoint}/loganalytics`,
  suffixes: {
    acrLoginServer: 'azurecr.localhost',
    keyVaultDns: 'vault.localhost',
    sqlServerHostname: 'database.localhost',
    storage: 'core.localhost',
    mysqlServerEndpoint: 'mysql.localhost',
    postgresqlServerEndpoint: 'postgres.localhost',
    mariadbServerEndpoint: 'mariadb.localhost',
    azureDataLakeStoreFileSystem: 'dls.localhost',
    azureDataLakeAnalyticsCatalogAndJob: 'dla.localhost',
  },
});
