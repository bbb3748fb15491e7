import { instant } from '../units/index.js';
import { parseAgentPoolBody, resolveAgentPoolUpdate, resolveNewAgentPool } from './agent-pool/index.js';
import { readCatalogueFile } from './catalogue-file.js';
import type {
  AgentPoolChange,
  AgentPoolProperties,
  ClusterContext,
  ClusterFacts,
  PoolCatalog,
  PoolContext,
  SiblingPool,
  VmSizeFacts,
} from './model.js';

/** The day the tests live on: between the newest data and the next minor. */
export const testDay = instant(Date.UTC(2026, 7, 21));

const { sizes } = readCatalogueFile<{ sizes: readonly VmSizeFacts[] }>('vm-sizes.json');
const { regions } = readCatalogueFile<{
  regions: readonly { name: string; displayName: string; zones: string[] }[];
}>('regions.json');
const bySize = new Map(sizes.map((size) => [size.name.toLowerCase(), size]));

/** The catalogue of the data files, with every size sold in every zone of every region but `polandcentral`'s M series. */
export const testCatalog: PoolCatalog = {
  vmSize: (name) => bySize.get(name.toLowerCase()),
  region: (name) => regions.find((r) => r.name === name.toLowerCase() || r.displayName === name),
  offers: (region, size) => !(region === 'polandcentral' && size.startsWith('Standard_M')),
  zonesOf: (region) => regions.find(({ name }) => name === region)?.zones ?? [],
};

/** A cluster of today's defaults in a region with three zones, on the default version. */
export const testCluster: ClusterFacts = {
  name: 'shop',
  resourceGroup: 'rg1',
  location: 'westeurope',
  requestedVersion: '1.35',
  kubernetesVersion: '1.35.6',
  supportPlan: 'KubernetesOfficial',
  tier: 'Standard',
  networkPlugin: 'azure',
  networkPluginMode: 'overlay',
  podCidr: '10.244.0.0/16',
  loadBalancerSku: 'standard',
  outboundType: 'loadBalancer',
  hasWindowsProfile: true,
  hasUserAssignedIdentity: true,
  beingCreated: false,
};

export const testSubscription = '11111111-2222-4333-8444-555555555555';

interface Setting {
  readonly name?: string;
  readonly cluster?: Partial<ClusterFacts>;
  readonly siblings?: readonly SiblingPool[];
}

const contextOf = (
  { name = 'np1', cluster, siblings }: Setting,
  own: readonly SiblingPool[],
): PoolContext => ({
  subscriptionId: testSubscription,
  name,
  cluster: { ...testCluster, ...cluster },
  siblings: siblings ?? own,
  catalog: testCatalog,
  today: testDay,
});

const system = resolveNewAgentPool(
  parseAgentPoolBody({ properties: { mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' } }),
  contextOf({ name: 'system' }, []),
);

/** The System pool that the cluster has already. */
export const systemPool: SiblingPool = { name: 'system', properties: system };

/** Creates a pool from the members of a request body; User mode unless it says otherwise. */
export const createPool = (members: object, setting: Setting = {}): AgentPoolProperties =>
  resolveNewAgentPool(
    parseAgentPoolBody({ properties: { mode: 'User', count: 3, ...members } }),
    contextOf(setting, [systemPool]),
  );

/** Puts members on a pool. */
export const updatePool = (
  current: AgentPoolProperties,
  members: object,
  setting: Setting = {},
): { properties: AgentPoolProperties; change: AgentPoolChange } =>
  resolveAgentPoolUpdate(
    current,
    parseAgentPoolBody({ properties: members }),
    contextOf(setting, [systemPool]),
  );

export const testClusterContext: ClusterContext = {
  subscriptionId: testSubscription,
  tenantId: '99999999-2222-4333-8444-555555555555',
  resourceGroup: 'rg1',
  name: 'shop',
  catalog: testCatalog,
  today: testDay,
  generated: {
    fqdnSuffix: 'a1b2c3d4',
    resourceUid: '66ec4dda0123456789abcdef',
    principalId: '00000000-0000-4000-8000-000000000001',
    kubeletClientId: '00000000-0000-4000-8000-000000000002',
    kubeletObjectId: '00000000-0000-4000-8000-000000000003',
  },
};
