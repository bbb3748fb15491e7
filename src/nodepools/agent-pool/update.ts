import { isDeepStrictEqual } from 'node:util';
import type {
  AgentPoolChange,
  AgentPoolInput,
  AgentPoolMember,
  AgentPoolProperties,
  AgentPoolPropertiesInput,
  PoolContext,
} from '../model.js';
import { changeNotAllowed, notModelled, refusal } from '../refusal.js';
import { poolRules } from '../rules/index.js';
import { enforce } from '../rules/rule.js';
import { withoutDuplicateTags } from '../rules/tags.js';
import { agentPoolFields, agentPoolMembers } from '../schema/agent-pool.js';
import {
  compareVersions,
  knownVersion,
  minorOf,
  parseVersion,
  poolUpgradesFrom,
  resolvePoolVersion,
} from '../versions/index.js';
import { imageFor, withLocalDnsState, withSpotMarks } from './defaults.js';

/** What a create-only member that is not stored stands for: sending it is no change. */
const impliedValues: Readonly<Partial<Record<AgentPoolMember, unknown>>> = {
  scaleSetPriority: 'Regular',
  scaleSetEvictionPolicy: 'Delete',
  spotMaxPrice: -1,
  workloadRuntime: 'OCIContainer',
  podIPAllocationMode: 'DynamicIndividual',
  windowsProfile: { disableOutboundNat: false },
  kubeletConfig: {},
  linuxOSConfig: {},
};

/** Members whose letter case means nothing: ARM ids and VM sizes. */
const caseless: ReadonlySet<string> = new Set<AgentPoolMember>([
  'vmSize',
  'vnetSubnetID',
  'podSubnetID',
  'nodePublicIPPrefixID',
  'proximityPlacementGroupID',
  'capacityReservationGroupID',
  'hostGroupID',
]);

/** Members whose parts are kept when a request leaves them out (a partial PUT must not reset the others). */
const mergedMembers: ReadonlySet<string> = new Set<AgentPoolMember>([
  'upgradeSettings',
  'securityProfile',
  'networkProfile',
  'gpuProfile',
]);

/** Members that a request clears by sending `null`. */
const clearable: readonly AgentPoolMember[] = ['nodeLabels', 'nodeTaints', 'tags', 'minCount', 'maxCount'];

const isKnown = (member: string): member is AgentPoolMember => Object.hasOwn(agentPoolFields, member);

function same(member: string, a: unknown, b: unknown): boolean {
  if (caseless.has(member) && typeof a === 'string' && typeof b === 'string') {
    return a.toLowerCase() === b.toLowerCase();
  }
  if (member === 'availabilityZones' && Array.isArray(a) && Array.isArray(b)) {
    return isDeepStrictEqual([...a].sort(), [...b].sort());
  }
  return isDeepStrictEqual(a, b);
}

function checkCreateOnly(current: AgentPoolProperties, sent: AgentPoolPropertiesInput): void {
  for (const member of agentPoolMembers) {
    const value = sent[member];
    if (value === undefined || agentPoolFields[member].change !== 'create-only') continue;
    if (!same(member, current[member] ?? impliedValues[member], value)) throw changeNotAllowed(member);
  }
  const publicIpTags = sent.networkProfile?.nodePublicIPTags;
  if (publicIpTags && !isDeepStrictEqual(publicIpTags, current.networkProfile?.nodePublicIPTags ?? [])) {
    throw changeNotAllowed('networkProfile.nodePublicIPTags');
  }
}

/**
 * The version as the user types it, when the request keeps the pool on what it runs. Any other version is an upgrade: its
 * rules answer first, then the refusal.
 */
function resolveVersion(current: AgentPoolProperties, sent: string | undefined, ctx: PoolContext): string {
  const running = current.currentOrchestratorVersion;
  if (sent === undefined || sent === current.orchestratorVersion || sent === running) {
    return sent ?? current.orchestratorVersion;
  }
  const wanted = parseVersion(sent);
  if (wanted && wanted.patch === undefined && minorOf(wanted) === minorOf(knownVersion(running))) return sent;
  if (wanted && compareVersions(wanted, knownVersion(running)) < 0) {
    const upgrades = poolUpgradesFrom(
      running,
      ctx.cluster.kubernetesVersion,
      ctx.cluster.supportPlan,
      ctx.today,
    );
    throw refusal(
      'AgentPoolUpgradeVersionNotAllowed',
      `Upgrading Kubernetes version ${running} to ${sent} is not allowed. Available upgrades: ` +
        `[${upgrades.map(({ version }) => version).join(' ')}]. Please see https://aka.ms/aks-supported-k8s-ver for ` +
        `version details.`,
      'properties.orchestratorVersion',
    );
  }
  resolvePoolVersion(sent, ctx.cluster, ctx.today);
  throw notModelled(
    `upgrading an agent pool (properties.orchestratorVersion from ${running} to ${sent})`,
    'properties.orchestratorVersion',
  );
}

/** Start, stop, rollback, image upgrade and snapshots: lives that this version of Poolkeeper does not give a pool. */
function checkNotModelled(
  current: AgentPoolProperties,
  sent: AgentPoolPropertiesInput,
  newest: () => string,
): void {
  const { powerState, nodeImageVersion: image, creationData } = sent;
  if (powerState && powerState.code !== current.powerState.code) {
    if (powerState.code === 'Stopped' && current.mode === 'System') {
      throw refusal(
        'OperationNotAllowed',
        "A system agent pool can't be stopped (properties.powerState).",
        'properties.powerState',
      );
    }
    throw notModelled('stopping and starting agent pools (properties.powerState)', 'properties.powerState');
  }
  if (creationData?.sourceResourceId) {
    throw notModelled(
      'node pool snapshots (properties.creationData.sourceResourceId)',
      'properties.creationData',
    );
  }
  if (image === undefined || image === current.nodeImageVersion) return;
  if (image === 'latest') {
    if (newest() === current.nodeImageVersion) return;
    throw notModelled('node image upgrades (properties.nodeImageVersion)', 'properties.nodeImageVersion');
  }
  throw refusal(
    'InvalidParameter',
    `NodeImageVersion '${image}' is not accepted. NodeImageVersion can only be current version ` +
      `'${current.nodeImageVersion}' or 'latest'`,
    'properties.nodeImageVersion',
  );
}

/** The stored properties with the request's laid over them. */
function merge(
  current: AgentPoolProperties,
  { properties: sent, cleared }: AgentPoolInput,
): AgentPoolProperties {
  const merged: Record<string, unknown> = { ...current };
  for (const member of cleared) {
    if (!isKnown(member) || clearable.includes(member)) delete merged[member];
  }
  for (const [member, value] of Object.entries(sent)) {
    const change = isKnown(member) ? agentPoolFields[member].change : 'update';
    if (change !== 'update' && change !== 'reimage') continue;
    const previous = merged[member];
    merged[member] =
      mergedMembers.has(member) && typeof previous === 'object'
        ? { ...previous, ...(value as object) }
        : value;
  }
  return merged as unknown as AgentPoolProperties;
}

/** What follows from the members that were set: Spot marks, autoscaler bounds, derived state. */
function settle(merged: AgentPoolProperties, sent: AgentPoolPropertiesInput): AgentPoolProperties {
  let pool = merged;
  if (pool.tags) pool = { ...pool, tags: withoutDuplicateTags(pool.tags) };
  if (pool.scaleSetPriority === 'Spot') pool = { ...pool, ...withSpotMarks(pool) };
  if (pool.nodeTaints?.length === 0) {
    const { nodeTaints: _none, ...rest } = pool;
    pool = rest;
  }
  if (!pool.enableAutoScaling) {
    const { minCount: _min, maxCount: _max, ...rest } = pool;
    const { minCount, maxCount } = sent;
    pool = {
      ...rest,
      ...(minCount !== undefined && { minCount }),
      ...(maxCount !== undefined && { maxCount }),
    };
  } else if (pool.minCount !== undefined && pool.count < pool.minCount) {
    pool = { ...pool, count: pool.minCount };
  }
  if (pool.localDNSProfile) {
    pool = {
      ...pool,
      localDNSProfile: withLocalDnsState(pool.localDNSProfile, pool.currentOrchestratorVersion),
    };
  }
  return pool;
}

/** Members that differ, known ones in wire order first. `orchestratorVersion` may differ in spelling only. */
function changedMembers(before: AgentPoolProperties, now: AgentPoolProperties): readonly string[] {
  const unknown = Object.keys({ ...before, ...now }).filter((member) => !isKnown(member));
  return [...agentPoolMembers, ...unknown].filter(
    (member) => member !== 'nodeImageVersion' && !isDeepStrictEqual(before[member], now[member]),
  );
}

const trustedLaunchOf = ({ securityProfile }: AgentPoolProperties): unknown => [
  securityProfile?.enableVTPM ?? false,
  securityProfile?.enableSecureBoot ?? false,
];

/** Whether the nodes must be made anew from an image for the change to reach them. */
function needsReimage(
  before: AgentPoolProperties,
  now: AgentPoolProperties,
  changed: readonly string[],
): boolean {
  if (!isDeepStrictEqual(trustedLaunchOf(before), trustedLaunchOf(now))) return true;
  return changed.some(
    (member) =>
      isKnown(member) && member !== 'securityProfile' && agentPoolFields[member].change === 'reimage',
  );
}

function classify(before: AgentPoolProperties, now: AgentPoolProperties): AgentPoolChange {
  const changed = changedMembers(before, now);
  if (changed.length === 0) return { kind: 'reconcile' };
  const scale = { from: before.count, to: now.count };
  if (changed.length === 1 && changed[0] === 'count') return { kind: 'scale', ...scale };
  const touches = (...members: readonly AgentPoolMember[]): boolean =>
    members.some((member) => changed.includes(member));
  return {
    kind: 'update',
    changed,
    relabel: touches('nodeLabels', 'nodeTaints', 'mode'),
    retag: touches('tags'),
    reimage: needsReimage(before, now, changed),
    ...(scale.from !== scale.to && { scale }),
  };
}

/**
 * What a PUT makes of an existing pool (AKS: PUT replaces what it names, keeps what it leaves out). The result's
 * `provisioningState` and `status` are still the stored ones: the operation sets them.
 *
 * @throws AzureError AKS's refusal: `PropertyChangeNotAllowed` for a create-only member, a broken rule, or
 *   `OperationNotAllowed` for what Poolkeeper does not model.
 */
export function resolveAgentPoolUpdate(
  current: AgentPoolProperties,
  input: AgentPoolInput,
  ctx: PoolContext,
): { readonly properties: AgentPoolProperties; readonly change: AgentPoolChange } {
  const sent = input.properties;
  const size = ctx.catalog.vmSize(current.vmSize);
  checkCreateOnly(current, sent);
  const orchestratorVersion = resolveVersion(current, sent.orchestratorVersion, ctx);
  checkNotModelled(current, sent, () => imageFor(current, size, ctx.today));

  const pool = { ...settle(merge(current, input), sent), orchestratorVersion };
  const version = knownVersion(pool.currentOrchestratorVersion);
  enforce(poolRules, { pool, current, sent, ctx, size, version });
  const change = classify(current, pool);
  const reimages = change.kind === 'update' && change.reimage;
  return {
    properties: reimages ? { ...pool, nodeImageVersion: imageFor(pool, size, ctx.today) } : pool,
    change,
  };
}
