import { checkFirstPools } from '../rules/modes.js';
import { resolveNewAgentPool } from '../agent-pool/create.js';
import type {
  ClusterContext,
  ManagedCluster,
  ManagedClusterIdentity,
  ManagedClusterInput,
  NewManagedCluster,
  SiblingPool,
  UnknownMembers,
} from '../model.js';
import { missingParameter, refusal } from '../refusal.js';
import { withoutDuplicateTags } from '../rules/tags.js';
import { resolveClusterVersion } from '../versions/index.js';
import {
  checkClusterName,
  checkClusterProperties,
  checkDnsPrefix,
  checkSupportPlan,
  resolveLocation,
  resolveNodeResourceGroup,
  resolveSku,
} from './checks.js';
import { clusterFacts } from './facts.js';
import { resolveNetworkProfile } from './network-profile.js';
import { withoutSecrets } from './secrets.js';

type Draft = Omit<ManagedCluster, 'etag'>;

/** The identity of a new cluster: system-assigned unless it brings a service principal or names its own. */
function resolveIdentity(
  input: ManagedClusterInput,
  ctx: ClusterContext,
): ManagedClusterIdentity | undefined {
  const clientId = input.properties.servicePrincipalProfile?.clientId;
  const type =
    input.identity?.type ?? (clientId !== undefined && clientId !== 'msi' ? 'None' : 'SystemAssigned');
  const { principalId, kubeletClientId } = ctx.generated;
  if (type === 'SystemAssigned') return { type, principalId, tenantId: ctx.tenantId };
  if (type !== 'UserAssigned') return undefined;
  const ids = Object.keys((input.identity?.['userAssignedIdentities'] as UnknownMembers | undefined) ?? {});
  if (ids.length === 0) throw missingParameter('identity.userAssignedIdentities');
  if (ids.length > 1) {
    throw refusal(
      'InvalidParameter',
      `The value of parameter identity.userAssignedIdentities is invalid: exactly one identity is allowed, ${ids.length} are given.`,
      'identity.userAssignedIdentities',
    );
  }
  return {
    type,
    userAssignedIdentities: Object.fromEntries(
      ids.map((id) => [id, { principalId, clientId: kubeletClientId }]),
    ),
  };
}

/** Members whose defaults need nothing but themselves, as recorded. */
const plainDefaults = {
  enableRBAC: true,
  disableLocalAccounts: false,
  securityProfile: {},
  storageProfile: {
    diskCSIDriver: { enabled: true },
    fileCSIDriver: { enabled: true },
    snapshotController: { enabled: true },
  },
  oidcIssuerProfile: { enabled: false },
  workloadAutoScalerProfile: {},
  metricsProfile: { costAnalysis: { enabled: false } },
  nodeProvisioningProfile: { mode: 'Manual', defaultNodePools: 'Auto' },
  bootstrapProfile: { artifactSource: 'Direct' },
};

/** Fills what was not sent, within the objects that were sent too: an empty `storageProfile` has its drivers enabled. */
function withDefaults<T extends object>(sent: T): T & typeof plainDefaults {
  const filled = Object.entries(plainDefaults).map(([name, value]) => {
    const given = (sent as Readonly<Record<string, unknown>>)[name];
    const both = typeof value === 'object' && typeof given === 'object' && given !== null;
    return [name, both ? { ...value, ...given } : (given ?? value)] as const;
  });
  return { ...sent, ...(Object.fromEntries(filled) as typeof plainDefaults) };
}

function draftCluster(input: ManagedClusterInput, ctx: ClusterContext): Draft {
  const { properties: sent } = input;
  const { subscriptionId, resourceGroup, name, generated } = ctx;
  const location = resolveLocation(input.location, ctx.catalog);
  const sku = resolveSku(input.sku, { name: 'Base', tier: 'Free' });
  const supportPlan = sent.supportPlan ?? 'KubernetesOfficial';
  checkSupportPlan(supportPlan, sku);
  const version = resolveClusterVersion(sent.kubernetesVersion, supportPlan, ctx.today);
  const dnsPrefix = checkDnsPrefix(sent.dnsPrefix ?? sent.fqdnSubdomain);
  const host = `${dnsPrefix.toLowerCase()}-${generated.fqdnSuffix}`;
  const nodeResourceGroup = resolveNodeResourceGroup(sent.nodeResourceGroup, {
    name,
    resourceGroup,
    location,
  });
  const identity = resolveIdentity(input, ctx);
  const { identityProfile: _derived, ...kept } = sent;
  return {
    id:
      `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}` +
      `/providers/Microsoft.ContainerService/managedClusters/${name}`,
    subscriptionId,
    resourceGroup,
    name,
    location,
    ...(input.tags && { tags: withoutDuplicateTags(input.tags) }),
    sku,
    ...(identity && { identity }),
    extra: { kind: 'Base', ...input.extra },
    properties: {
      ...withDefaults(withoutSecrets(kept)),
      provisioningState: 'Creating',
      powerState: { code: 'Running' },
      kubernetesVersion: version.requested,
      currentKubernetesVersion: version.full,
      dnsPrefix,
      fqdn: `${host}.hcp.${location}.azmk8s.io`,
      azurePortalFQDN: `${host}.portal.hcp.${location}.azmk8s.io`,
      servicePrincipalProfile: { clientId: sent.servicePrincipalProfile?.clientId ?? 'msi' },
      nodeResourceGroup,
      supportPlan,
      networkProfile: resolveNetworkProfile(input),
      maxAgentPools: 100,
      autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage', ...sent.autoUpgradeProfile },
      enableRBAC: sent.enableRBAC ?? true,
      resourceUID: generated.resourceUid,
      ...(identity && { identityProfile: kubeletIdentity(ctx, nodeResourceGroup) }),
    },
  };
}

/** The identity of the kubelets that AKS makes in the node resource group. */
const kubeletIdentity = (
  ctx: ClusterContext,
  nodeResourceGroup: string,
): { kubeletidentity: UnknownMembers } => ({
  kubeletidentity: {
    resourceId:
      `/subscriptions/${ctx.subscriptionId}/resourcegroups/${nodeResourceGroup}` +
      `/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${ctx.name}-agentpool`,
    clientId: ctx.generated.kubeletClientId,
    objectId: ctx.generated.kubeletObjectId,
  },
});

/**
 * A new cluster and its first pools, complete: defaults filled, every rule of creation kept, secrets left out.
 *
 * @throws AzureError AKS's refusal, or ARM's for the location.
 */
export function resolveNewManagedCluster(input: ManagedClusterInput, ctx: ClusterContext): NewManagedCluster {
  checkClusterName(ctx.name);
  checkClusterProperties(input);
  if (!input.pools) throw missingParameter('agentPoolProfiles');
  const cluster = draftCluster(input, ctx);
  const facts = clusterFacts(cluster, true);
  const pools: SiblingPool[] = [];
  for (const { name, input: pool } of input.pools) {
    const { catalog, today, subscriptionId } = ctx;
    const siblings = [...pools];
    pools.push({
      name,
      properties: resolveNewAgentPool(pool, {
        subscriptionId,
        name,
        cluster: facts,
        siblings,
        catalog,
        today,
      }),
    });
  }
  checkFirstPools(pools);
  return { cluster, pools };
}
