import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AgentPoolPath, Preconditions } from '../../../nodepools/index.js';
import type { ArmParts } from '../access.js';
import { resourceNotFound } from '../errors.js';
import { kubeconfig } from '../kubeconfig.js';
import { retryAfterSeconds, sendReply } from '../operation-links.js';

const provider = '/subscriptions/:subscription/providers/Microsoft.ContainerService';
const group =
  '/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/Microsoft.ContainerService';
const clusterUrl = `${group}/managedClusters/:cluster`;
const poolUrl = `${clusterUrl}/agentPools/:agentPool`;

const path = (request: FastifyRequest): AgentPoolPath => {
  const { resourceGroup = '', cluster = '', agentPool = '' } = request.params as Record<string, string>;
  return { resourceGroup, cluster, agentPool };
};
const parameter = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string>)[name] ?? '';

const header = (value: string | string[] | undefined): string | undefined => [value].flat()[0];
const preconditions = ({ headers }: FastifyRequest): Preconditions => {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], header(headers['if-none-match'])];
  return { ...(ifMatch !== undefined && { ifMatch }), ...(ifNoneMatch !== undefined && { ifNoneMatch }) };
};

/** Microsoft.ContainerService: managed clusters, agent pools, their operations and versions. */
export function registerManagedClusters(app: FastifyInstance, parts: ArmParts): void {
  const { aks } = parts.world;
  registerClusters();
  registerAgentPools();
  registerOperations();
  registerUnmodelled(app, parts);

  function registerClusters(): void {
    app.get(`${provider}/managedClusters`, () => ({ value: aks.listClusters() }));
    app.get(`${group}/managedClusters`, (r) => ({ value: aks.listClusters(path(r).resourceGroup) }));
    app.get(clusterUrl, (r) => aks.getCluster(path(r)));
    app.put(clusterUrl, (r, reply) =>
      sendReply(parts, reply, aks.putCluster(path(r), r.body, preconditions(r))),
    );
    app.patch(clusterUrl, (r, reply) =>
      sendReply(parts, reply, aks.patchClusterTags(path(r), r.body, preconditions(r))),
    );
    app.delete(clusterUrl, (r, reply) =>
      sendReply(parts, reply, aks.deleteCluster(path(r), preconditions(r))),
    );
    app.post(`${clusterUrl}/abort`, (r, reply) => sendReply(parts, reply, aks.abortCluster(path(r))));
    app.get(`${clusterUrl}/upgradeProfiles/default`, (r) => aks.clusterUpgradeProfile(path(r)));
    app.get(`${clusterUrl}/availableAgentPoolVersions`, (r) => aks.availableAgentPoolVersions(path(r)));
    app.get(`${provider}/locations/:location/kubernetesVersions`, () => aks.kubernetesVersions());
    app.get(`${provider}/locations/:location/orchestrators`, (r) =>
      aks.orchestrators(parameter(r, 'location')),
    );
    for (const [action, role] of [
      ['listClusterUserCredential', 'clusterUser'],
      ['listClusterAdminCredential', 'clusterAdmin'],
      ['listClusterMonitoringUserCredential', 'clusterMonitoringUser'],
    ] as const) {
      app.post(`${clusterUrl}/${action}`, async (r) => ({
        kubeconfigs: [{ name: role, value: await kubeconfig(parts, aks.cluster(path(r)), role) }],
      }));
    }
  }

  function registerAgentPools(): void {
    app.get(`${clusterUrl}/agentPools`, (r) => ({ value: aks.listAgentPools(path(r)) }));
    app.get(poolUrl, (r) => aks.getAgentPool(path(r)));
    app.put(poolUrl, (r, reply) =>
      sendReply(parts, reply, aks.putAgentPool(path(r), r.body, preconditions(r))),
    );
    app.delete(poolUrl, (r, reply) =>
      sendReply(parts, reply, aks.deleteAgentPool(path(r), preconditions(r))),
    );
    app.post(`${poolUrl}/abort`, (r, reply) => sendReply(parts, reply, aks.abortAgentPool(path(r))));
    app.get(`${poolUrl}/upgradeProfiles/default`, (r) => aks.agentPoolUpgradeProfile(path(r)));
    app.get(`${poolUrl}/machines`, (r) => ({ value: aks.listMachines(path(r)) }));
    app.get(`${poolUrl}/machines/:machine`, (r) => aks.getMachine(path(r), parameter(r, 'machine')));
  }

  function registerOperations(): void {
    app.get(`${provider}/locations/:location/operations/:operation`, (r, reply) => {
      const body = aks.operation(parameter(r, 'operation'));
      if (!body) throw resourceNotFound('operations', parameter(r, 'operation'), '');
      if (body['status'] === 'InProgress') void reply.header('retry-after', retryAfterSeconds);
      return body;
    });
    app.get(`${provider}/locations/:location/operationresults/:operation`, (r, reply) => {
      const id = parameter(r, 'operation');
      const result = aks.operationResult(id);
      if (!result) throw resourceNotFound('operationresults', id, '');
      if (!result.done) {
        const location = `${parts.endpoint()}${r.url}`;
        return reply.status(202).header('location', location).header('retry-after', retryAfterSeconds).send();
      }
      if ('error' in result) return reply.status(409).send({ error: result.error });
      return result.body ? reply.send(result.body) : reply.status(204).send();
    });
  }
}

/** Requests that AKS knows and this version does not model: a clear refusal, never a false success. */
function registerUnmodelled(app: FastifyInstance, { world: { aks } }: ArmParts): void {
  const refuse = (
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    what: string,
    needs: 'cluster' | 'pool',
  ) => {
    app.route({
      method,
      url,
      handler: (r) => {
        if (needs === 'pool') aks.getAgentPool(path(r));
        else aks.getCluster(path(r));
        throw aks.notAvailable(what);
      },
    });
  };
  refuse('POST', `${poolUrl}/upgradeNodeImageVersion`, 'upgrading node images', 'pool');
  refuse('POST', `${poolUrl}/deleteMachines`, 'deleting single machines', 'pool');
  refuse('POST', `${clusterUrl}/start`, 'starting clusters', 'cluster');
  refuse('POST', `${clusterUrl}/stop`, 'stopping clusters', 'cluster');
  refuse('POST', `${clusterUrl}/runCommand`, 'running commands in clusters', 'cluster');
  refuse('POST', `${clusterUrl}/rotateClusterCertificates`, 'rotating certificates', 'cluster');
  refuse(
    'PUT',
    `${clusterUrl}/maintenanceConfigurations/:configuration`,
    'maintenance configurations',
    'cluster',
  );

  app.get(`${clusterUrl}/maintenanceConfigurations`, (r) => {
    aks.getCluster(path(r));
    return { value: [] };
  });
  app.get(`${clusterUrl}/maintenanceConfigurations/:configuration`, (r) => {
    aks.getCluster(path(r));
    const type = 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations';
    throw resourceNotFound(type, parameter(r, 'configuration'), path(r).resourceGroup);
  });
  app.get(`${provider}/snapshots`, () => ({ value: [] }));
  app.get(`${group}/snapshots`, () => ({ value: [] }));
  app.put(`${group}/snapshots/:snapshot`, () => {
    throw aks.notAvailable('node pool snapshots');
  });
}
