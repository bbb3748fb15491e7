import type { AzureError } from '../../azure/index.js';
import type { Instant } from '../../units/index.js';
import type { ClusterFacts } from '../model.js';
import { poolTarget, refusal } from '../refusal.js';
import { defaultVersion, newestPatch, offeredVersions } from './offered.js';
import type { SupportPlan } from './offered.js';
import { compareVersions, knownVersion, minorOf, parseVersion } from './version.js';

/** A version as typed and as run: `1.35` runs `1.35.6`. */
export interface ResolvedVersion {
  readonly requested: string;
  readonly full: string;
}

/** Minors a pool may be behind its control plane (AKS: version skew, since 1.28). */
const maxSkew = 3;

const notOffered = (code: string, version: string, target: string): AzureError =>
  refusal(
    code,
    `Version ${version} is not supported in this region. Please use [az aks get-versions] command to get the supported ` +
      `version list in this region. For more information, please check https://aka.ms/supported-version-list`,
    target,
  );

/**
 * The version a new cluster runs. None asked for: the default minor, kept as its alias.
 *
 * @throws AzureError `K8sVersionNotSupported` when it is not offered under the plan.
 */
export function resolveClusterVersion(
  sent: string | undefined,
  plan: SupportPlan,
  today: Instant,
): ResolvedVersion {
  if (sent === undefined || sent === '') {
    const { minor, version } = defaultVersion(today);
    return { requested: minor, full: version };
  }
  const version = parseVersion(sent);
  const full = version?.patch === undefined ? version && newestPatch(minorOf(version), plan, today) : sent;
  const offered = offeredVersions(today).some(
    (offer) => offer.version === full && offer.plans.includes(plan),
  );
  if (full === undefined || !offered) {
    throw notOffered('K8sVersionNotSupported', sent, 'properties.kubernetesVersion');
  }
  return { requested: sent, full };
}

/**
 * The version of a pool: `sent`, or the cluster's. An alias of the control plane's own minor never passes the control
 * plane.
 *
 * @throws AzureError `AgentPoolK8sVersionNotSupported` or `NodePoolMcVersionIncompatible`.
 */
export function resolvePoolVersion(
  sent: string | undefined,
  cluster: ClusterFacts,
  today: Instant,
): ResolvedVersion {
  if (sent === undefined || sent === '')
    return { requested: cluster.requestedVersion, full: cluster.kubernetesVersion };
  const target = poolTarget('orchestratorVersion');
  const version = parseVersion(sent);
  const controlPlane = knownVersion(cluster.kubernetesVersion);
  if (!version) throw notOffered('AgentPoolK8sVersionNotSupported', sent, target);

  let full = version.patch === undefined ? newestPatch(sent, cluster.supportPlan, today) : sent;
  if (version.patch === undefined && minorOf(version) === minorOf(controlPlane)) {
    if (full === undefined || compareVersions(knownVersion(full), controlPlane) > 0)
      full = cluster.kubernetesVersion;
  }
  const offered =
    full === cluster.kubernetesVersion ||
    offeredVersions(today).some(
      (offer) => offer.version === full && offer.plans.includes(cluster.supportPlan),
    );
  if (full === undefined || !offered) throw notOffered('AgentPoolK8sVersionNotSupported', sent, target);
  const skew = skewError(full, cluster);
  if (skew) throw skew;
  return { requested: sent, full };
}

/** `NodePoolMcVersionIncompatible` when a pool's version is newer than the control plane or too far behind it. */
export function skewError(poolVersion: string, cluster: ClusterFacts): AzureError | undefined {
  const pool = knownVersion(poolVersion);
  const controlPlane = knownVersion(cluster.kubernetesVersion);
  const pair = `Node pool version ${poolVersion} and control plane version ${cluster.kubernetesVersion} are incompatible.`;
  const more = 'For more information, see https://aka.ms/aks/UpgradeVersionSkewPolicy';
  const incompatible = (why: string): AzureError =>
    refusal('NodePoolMcVersionIncompatible', `${pair} ${why} ${more}`, poolTarget('orchestratorVersion'));
  if (cluster.beingCreated && compareVersions(pool, controlPlane) !== 0) {
    return incompatible('Node pools created with the cluster must have the version of the control plane.');
  }
  if (compareVersions(pool, controlPlane) > 0) {
    return incompatible('Node pool version cannot be greater than the version of the control plane.');
  }
  if (pool.major === controlPlane.major && controlPlane.minor - pool.minor <= maxSkew) return undefined;
  return incompatible(
    `Minor version of node pool cannot be more than ${maxSkew} versions less than control plane's version. ` +
      `Minor version of node pool is ${pool.minor} and control plane is ${controlPlane.minor}.`,
  );
}
