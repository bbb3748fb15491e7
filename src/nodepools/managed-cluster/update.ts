import { isDeepStrictEqual } from 'node:util';
import { AzureError } from '../../azure/index.js';
import { resolveAgentPoolUpdate } from '../agent-pool/update.js';
import type {
  ClusterContext,
  ManagedCluster,
  ManagedClusterInput,
  ManagedClusterProperties,
  ManagedClusterUpdate,
  SiblingPool,
} from '../model.js';
import { changeNotAllowed, notModelled, refusal } from '../refusal.js';
import { withoutDuplicateTags } from '../rules/tags.js';
import {
  compareVersions,
  knownVersion,
  minorOf,
  parseVersion,
  resolveClusterVersion,
  upgradesFrom,
} from '../versions/index.js';
import { checkClusterProperties, checkSupportPlan, resolveSku } from './checks.js';
import { clusterFacts } from './facts.js';
import { updateNetworkProfile } from './network-profile.js';
import { withoutSecrets } from './secrets.js';

/** Members fixed when the cluster is created, compared without letter case. */
const createOnly = [
  'dnsPrefix',
  'fqdnSubdomain',
  'nodeResourceGroup',
  'enableRBAC',
  'diskEncryptionSetID',
] as const;

function checkUnchanged(
  current: ManagedCluster,
  input: ManagedClusterInput,
  ctx: Pick<ClusterContext, 'catalog'>,
): void {
  const location = input.location;
  if (location !== undefined && ctx.catalog.region(location)?.name !== current.location) {
    throw new AzureError({
      status: 409,
      code: 'InvalidResourceLocation',
      envelope: 'arm',
      message:
        `The resource '${current.name}' already exists in location '${current.location}' in resource group ` +
        `'${current.resourceGroup}'. A resource with the same name cannot be created in location '${location}'. ` +
        `Please select a new resource name.`,
    });
  }
  const identity = input.identity?.type;
  if (identity !== undefined && identity !== (current.identity?.type ?? 'None')) {
    throw notModelled(`changing a cluster's identity (identity.type to ${identity})`, 'identity.type');
  }
  for (const member of createOnly) {
    const sent = input.properties[member];
    if (sent === undefined || sent === '') continue;
    if (String(sent).toLowerCase() !== String(current.properties[member] ?? '').toLowerCase())
      throw changeNotAllowed(member);
  }
}

/** The version as the user types it. Any other than what runs is an upgrade: its rules answer first, then the refusal. */
function resolveVersion(
  current: ManagedClusterProperties,
  sent: string | undefined,
  today: ClusterContext['today'],
): string {
  const running = current.currentKubernetesVersion;
  if (sent === undefined || sent === '') return current.kubernetesVersion;
  if (sent === current.kubernetesVersion || sent === running) return sent;
  const target = 'properties.kubernetesVersion';
  const wanted = parseVersion(sent);
  if (wanted && wanted.patch === undefined && minorOf(wanted) === minorOf(knownVersion(running))) return sent;
  const upgrades = upgradesFrom(running, current.supportPlan, today).map(({ version }) => version);
  const isDowngrade = wanted !== undefined && compareVersions(wanted, knownVersion(running)) < 0;
  const full = isDowngrade ? sent : resolveClusterVersion(sent, current.supportPlan, today).full;
  if (isDowngrade || !upgrades.includes(full)) {
    throw refusal(
      'OperationNotAllowed',
      `Upgrading Kubernetes version ${running} to ${full} is not allowed. Available upgrades: [${upgrades.join(' ')}]. ` +
        `Please see https://aka.ms/aks-supported-k8s-ver for version details.`,
      target,
    );
  }
  throw notModelled(`upgrading a cluster (${target} from ${running} to ${full})`, target);
}

function checkPools(pools: readonly SiblingPool[], sent: NonNullable<ManagedClusterInput['pools']>): void {
  const named = new Set(pools.map(({ name }) => name));
  if (sent.some(({ name }) => !named.has(name))) {
    throw refusal(
      'BadRequest',
      'A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed through managed ' +
        'cluster operations. For agent pool specific change, please use per agent pool operations: ' +
        'https://aka.ms/agent-pool-rest-api',
      'agentPoolProfiles',
    );
  }
  const missing = pools.find(({ name }) => !sent.some((pool) => pool.name === name));
  if (missing) {
    throw refusal(
      'BadRequest',
      `Agent pool '${missing.name}' is missing in agentPoolProfiles. Removing agent pools is not allowed through managed ` +
        `cluster operations: delete the agent pool itself.`,
      'agentPoolProfiles',
    );
  }
  const versions = sent.filter(({ input }) => input.properties.orchestratorVersion !== undefined).length;
  if (versions === 0 || versions === sent.length) return;
  throw refusal(
    'NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged',
    "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all unspecified. If all " +
      'specified, they must be stay unchanged or the same with control plane.',
    'agentPoolProfiles',
  );
}

function mergeProperties(
  current: ManagedCluster,
  input: ManagedClusterInput,
  today: ClusterContext['today'],
): ManagedClusterProperties {
  const { networkProfile, kubernetesVersion, servicePrincipalProfile: _fixed, ...sent } = input.properties;
  for (const member of createOnly) delete (sent as Record<string, unknown>)[member];
  return {
    ...current.properties,
    ...withoutSecrets(sent),
    ...(sent.windowsProfile && {
      windowsProfile: { ...current.properties.windowsProfile, ...withoutSecrets(sent).windowsProfile },
    }),
    ...(sent.autoUpgradeProfile && {
      autoUpgradeProfile: { ...current.properties.autoUpgradeProfile, ...sent.autoUpgradeProfile },
    }),
    networkProfile: updateNetworkProfile(current.properties.networkProfile, networkProfile),
    kubernetesVersion: resolveVersion(current.properties, kubernetesVersion, today),
  };
}

/**
 * What a PUT makes of an existing cluster. Pools that the request names are updated with it (that is how `az aks scale`
 * works); none can be added or removed.
 *
 * @throws AzureError AKS's refusal, of the cluster or of a pool.
 */
export function resolveManagedClusterUpdate(
  current: ManagedCluster,
  pools: readonly SiblingPool[],
  input: ManagedClusterInput,
  ctx: Omit<ClusterContext, 'generated'>,
): ManagedClusterUpdate {
  checkUnchanged(current, input, ctx);
  checkClusterProperties(input);
  const sku = resolveSku(input.sku, current.sku);
  checkSupportPlan(input.properties.supportPlan ?? current.properties.supportPlan, sku);
  if (input.pools) checkPools(pools, input.pools);

  const { etag: _etag, ...rest } = current;
  const cluster: Omit<ManagedCluster, 'etag'> = {
    ...rest,
    sku,
    ...(input.tags && { tags: withoutDuplicateTags(input.tags) }),
    extra: { ...current.extra, ...input.extra },
    properties: mergeProperties(current, input, ctx.today),
  };
  const facts = clusterFacts(cluster);
  const updates = (input.pools ?? []).map(({ name, input: sent }) => {
    const pool = pools.find((other) => other.name === name) as SiblingPool;
    const siblings = pools.filter((other) => other.name !== name);
    const { subscriptionId, catalog, today } = ctx;
    return {
      name,
      ...resolveAgentPoolUpdate(pool.properties, sent, {
        subscriptionId,
        name,
        cluster: facts,
        siblings,
        catalog,
        today,
      }),
    };
  });
  return { cluster, pools: updates, changed: changedMembers(current, cluster) };
}

function changedMembers(before: ManagedCluster, now: Omit<ManagedCluster, 'etag'>): readonly string[] {
  const top = (['tags', 'sku', 'identity', 'extra'] as const).filter(
    (m) => !isDeepStrictEqual(before[m], now[m]),
  );
  const names = new Set([...Object.keys(before.properties), ...Object.keys(now.properties)]);
  return [...top, ...[...names].filter((m) => !isDeepStrictEqual(before.properties[m], now.properties[m]))];
}
