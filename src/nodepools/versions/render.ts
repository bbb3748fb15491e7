import type { Instant } from '../../units/index.js';
import { latestNodeImage } from '../images/index.js';
import type { AgentPool, ManagedCluster, PoolCatalog, UnknownMembers } from '../model.js';
import { offeredVersions, poolUpgradesFrom, upgradesFrom } from './offered.js';
import type { OfferedVersion, SupportPlan } from './offered.js';
import { compareVersions, knownVersion } from './version.js';

const newestFirst = (a: OfferedVersion, b: OfferedVersion): number =>
  compareVersions(knownVersion(b.version), knownVersion(a.version));

/** Where any version can go from here: the plan that offers it longest. */
const planOf = ({ plans }: OfferedVersion): SupportPlan =>
  plans.includes('KubernetesOfficial') ? 'KubernetesOfficial' : 'AKSLongTermSupport';

/** `locations/{location}/kubernetesVersions`: one entry per minor, newest first, with its patches. */
export function renderKubernetesVersions(today: Instant): UnknownMembers {
  const offers = [...offeredVersions(today)].sort(newestFirst);
  const minors = [...new Set(offers.map(({ minor }) => minor))];
  return {
    values: minors.map((minor) => {
      const patches = offers.filter((offer) => offer.minor === minor);
      return {
        version: minor,
        ...(patches.some(({ isDefault }) => isDefault) && { isDefault: true }),
        isPreview: patches.every(({ isPreview }) => isPreview),
        capabilities: { supportPlan: patches[0]?.plans ?? [] },
        patchVersions: Object.fromEntries(
          patches.map((offer) => [
            offer.version,
            { upgrades: upgradesFrom(offer.version, planOf(offer), today).map(({ version }) => version) },
          ]),
        ),
      };
    }),
  };
}

/** `locations/{location}/orchestrators` of API version 2019-04-01, which older clients list versions with. */
export function renderOrchestrators(
  subscriptionId: string,
  location: string,
  today: Instant,
): UnknownMembers {
  const entry = (offer: OfferedVersion) => ({
    orchestratorType: 'Kubernetes',
    orchestratorVersion: offer.version,
    ...(offer.isPreview && { isPreview: true }),
  });
  return {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerService/locations/${location}/orchestrators`,
    name: 'default',
    type: 'Microsoft.ContainerService/locations/orchestrators',
    properties: {
      orchestrators: offeredVersions(today)
        .filter(({ plans }) => plans.includes('KubernetesOfficial'))
        .map((offer) => ({
          ...entry(offer),
          ...(offer.isDefault && { default: true }),
          upgrades: upgradesFrom(offer.version, 'KubernetesOfficial', today).map(entry),
        })),
    },
  };
}

const upgradeList = (upgrades: readonly { readonly version: string; readonly isPreview: boolean }[]) =>
  upgrades.length === 0
    ? {}
    : { upgrades: upgrades.map(({ version, isPreview }) => ({ kubernetesVersion: version, isPreview })) };

/** `managedClusters/{name}/upgradeProfiles/default`. `upgrades` is left out where there are none. */
export function renderClusterUpgradeProfile(
  cluster: ManagedCluster,
  pools: readonly AgentPool[],
  today: Instant,
): UnknownMembers {
  const { currentKubernetesVersion: running, supportPlan } = cluster.properties;
  return {
    id: `${cluster.id}/upgradeprofiles/default`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/upgradeprofiles',
    properties: {
      controlPlaneProfile: {
        kubernetesVersion: running,
        osType: 'Linux',
        ...upgradeList(upgradesFrom(running, supportPlan, today)),
      },
      agentPoolProfiles: pools.map(({ name, properties }) => ({
        kubernetesVersion: properties.currentOrchestratorVersion,
        name,
        osType: properties.osType,
        ...upgradeList(poolUpgradesFrom(properties.currentOrchestratorVersion, running, supportPlan, today)),
      })),
    },
  };
}

/** `agentPools/{name}/upgradeProfiles/default`, with the newest node image the pool could go to. */
export function renderAgentPoolUpgradeProfile(
  pool: AgentPool,
  cluster: ManagedCluster,
  { catalog, today }: { readonly catalog: Pick<PoolCatalog, 'vmSize'>; readonly today: Instant },
): UnknownMembers {
  const { properties } = pool;
  const { currentKubernetesVersion, supportPlan } = cluster.properties;
  const running = properties.currentOrchestratorVersion;
  const image = latestNodeImage(
    {
      osType: properties.osType,
      osSKU: properties.osSKU,
      kubernetesVersion: running,
      size: catalog.vmSize(properties.vmSize),
      fips: properties.enableFIPS === true,
      trustedLaunch:
        properties.securityProfile?.enableVTPM === true ||
        properties.securityProfile?.enableSecureBoot === true,
      podSandboxing: properties.workloadRuntime === 'KataVmIsolation',
    },
    today,
  );
  return {
    id: `${pool.id}/upgradeProfiles/default`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
    properties: {
      kubernetesVersion: running,
      osType: properties.osType,
      ...upgradeList(poolUpgradesFrom(running, currentKubernetesVersion, supportPlan, today)),
      latestNodeImageVersion: image,
    },
  };
}

/** Minors a pool may be behind its control plane. */
const maxSkew = 3;

/** `managedClusters/{name}/availableAgentPoolVersions`: what a new pool of the cluster may run, newest first. */
export function renderAvailableAgentPoolVersions(cluster: ManagedCluster, today: Instant): UnknownMembers {
  const { currentKubernetesVersion, supportPlan } = cluster.properties;
  const controlPlane = knownVersion(currentKubernetesVersion);
  const versions = offeredVersions(today)
    .filter(({ version, plans }) => {
      const candidate = knownVersion(version);
      const behind = controlPlane.minor - candidate.minor;
      return (
        plans.includes(supportPlan) && compareVersions(candidate, controlPlane) <= 0 && behind <= maxSkew
      );
    })
    .sort(newestFirst)
    .map(({ version, isPreview }) => ({ version, isPreview }));
  const own = { version: currentKubernetesVersion, isPreview: false };
  const all = versions.some(({ version }) => version === own.version) ? versions : [own, ...versions];
  return {
    id: `${cluster.id}/availableAgentPoolVersions/default`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/availableAgentPoolVersions',
    properties: {
      agentPoolVersions: all.map(({ version, isPreview }) => ({
        ...(version === own.version && { default: true }),
        kubernetesVersion: version,
        isPreview,
      })),
    },
  };
}
