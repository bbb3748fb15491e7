import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../usage-error.js';
import { clusterChanges, clusterToUpdate } from './cluster-flags.js';
import type { ClusterUpdateFlags } from './cluster-flags.js';
import { mergeKubeconfig } from './kubeconfig.js';
import { confirm, finish } from './operations.js';
import { pairs, wholeNumber } from './pool-flags.js';
import { openSession } from './session.js';
import type { GlobalFlags } from './session.js';
import { clusterColumns, shapeResource } from './shape.js';
import { waitFor } from './wait.js';
import type { WaitFlags } from './wait.js';

interface ClusterFlags extends GlobalFlags {
  readonly resourceGroup: string;
  readonly name: string;
}
interface Changing {
  readonly wait: boolean;
}

export interface CreateFlags {
  readonly location: string;
  readonly kubernetesVersion?: string;
  readonly nodepoolName: string;
  readonly nodeCount: string;
  readonly nodeVmSize?: string;
  readonly zones?: readonly string[];
  readonly dnsNamePrefix?: string;
  readonly networkPlugin?: string;
  readonly networkPluginMode?: string;
  readonly podCidr?: string;
  readonly vnetSubnetId?: string;
  readonly maxPods?: string;
  readonly tier?: string;
  readonly tags?: readonly string[];
  readonly windowsAdminUsername?: string;
  readonly windowsAdminPassword?: string;
}

export async function list(flags: GlobalFlags & { readonly resourceGroup?: string }): Promise<void> {
  const { aks, show: print } = openSession(flags);
  const clusters = [];
  const found = flags.resourceGroup
    ? aks.managedClusters.listByResourceGroup(flags.resourceGroup)
    : aks.managedClusters.list();
  for await (const cluster of found) clusters.push(shapeResource(cluster));
  print(clusters, clusterColumns);
}

export async function show(flags: ClusterFlags): Promise<void> {
  const session = openSession(flags);
  session.show(
    shapeResource(await session.aks.managedClusters.get(flags.resourceGroup, flags.name)),
    clusterColumns,
  );
}

export async function create(flags: ClusterFlags & Changing & CreateFlags): Promise<void> {
  const session = openSession(flags);
  const { windowsAdminUsername: adminUsername, windowsAdminPassword: adminPassword } = flags;
  const networkProfile = {
    ...(flags.networkPlugin !== undefined && { networkPlugin: flags.networkPlugin }),
    ...(flags.networkPluginMode !== undefined && { networkPluginMode: flags.networkPluginMode }),
    ...(flags.podCidr !== undefined && { podCidr: flags.podCidr }),
  };
  const poller = session.aks.managedClusters.createOrUpdate(
    flags.resourceGroup,
    flags.name,
    {
      location: flags.location,
      dnsPrefix: flags.dnsNamePrefix ?? flags.name.replace(/[^a-zA-Z0-9-]/g, '').slice(0, 54),
      identity: { type: 'SystemAssigned' },
      agentPoolProfiles: [
        {
          name: flags.nodepoolName,
          mode: 'System',
          count: wholeNumber('--node-count', flags.nodeCount),
          vmSize: flags.nodeVmSize ?? '',
          ...(flags.zones && { availabilityZones: [...flags.zones] }),
          ...(flags.maxPods !== undefined && { maxPods: wholeNumber('--max-pods', flags.maxPods) }),
          ...(flags.vnetSubnetId !== undefined && { vnetSubnetID: flags.vnetSubnetId }),
        },
      ],
      ...(flags.kubernetesVersion !== undefined && { kubernetesVersion: flags.kubernetesVersion }),
      ...(Object.keys(networkProfile).length > 0 && { networkProfile }),
      ...(flags.tier !== undefined && { sku: { name: 'Base', tier: flags.tier } }),
      ...(flags.tags && { tags: pairs('--tags', flags.tags) }),
      ...(adminUsername !== undefined && {
        windowsProfile: { adminUsername, ...(adminPassword !== undefined && { adminPassword }) },
      }),
    },
    { updateIntervalInMs: session.updateIntervalInMs },
  );
  const result = await finish(poller, flags);
  session.show(result && shapeResource(result), clusterColumns);
}

export async function update(flags: ClusterFlags & Changing & ClusterUpdateFlags): Promise<void> {
  const changes = clusterChanges(flags);
  const session = openSession(flags);
  const current = await session.aks.managedClusters.get(flags.resourceGroup, flags.name);
  const result = clusterToUpdate(current, changes);
  if (result.kind === 'nothing') {
    if (!flags.onlyShowErrors) process.stderr.write(`WARNING: ${result.warning}\n`);
    return;
  }
  const poller = session.aks.managedClusters.createOrUpdate(flags.resourceGroup, flags.name, result.cluster, {
    updateIntervalInMs: session.updateIntervalInMs,
  });
  const updated = await finish(poller, flags);
  session.show(updated && shapeResource(updated), clusterColumns);
}

export async function remove(flags: ClusterFlags & Changing & { readonly yes?: boolean }): Promise<void> {
  const session = openSession(flags);
  if (!(await confirm('Are you sure you want to perform this operation?', flags.yes ?? false))) return;
  const poller = session.aks.managedClusters.delete(flags.resourceGroup, flags.name, {
    updateIntervalInMs: session.updateIntervalInMs,
  });
  await finish(poller, flags);
}

export async function getVersions(flags: GlobalFlags & { readonly location: string }): Promise<void> {
  const session = openSession(flags);
  const versions = await session.aks.managedClusters.listKubernetesVersions(flags.location);
  const rows = (versions.values ?? []).flatMap(({ patchVersions = {}, isPreview, capabilities }) =>
    Object.entries(patchVersions).map(([version, { upgrades }]) => ({
      KubernetesVersion: version,
      IsPreview: isPreview ? 'True' : '',
      Upgrades: upgrades?.join(', ') || 'None available',
      SupportPlan: capabilities?.supportPlan?.join(', ') ?? '',
    })),
  );
  const newestFirst = rows.sort((a, b) =>
    b.KubernetesVersion.localeCompare(a.KubernetesVersion, 'en', { numeric: true }),
  );
  // Only the table flattens the answer, as az does.
  const columns = ({
    KubernetesVersion,
    IsPreview,
    Upgrades,
    SupportPlan,
  }: Readonly<Record<string, unknown>>) => ({
    KubernetesVersion: String(KubernetesVersion),
    IsPreview: String(IsPreview),
    Upgrades: String(Upgrades),
    SupportPlan: String(SupportPlan),
  });
  if (flags.output === 'table' && flags.query === undefined) session.show(newestFirst, columns);
  else session.show(shapeResource(versions));
}

export async function getCredentials(
  flags: ClusterFlags & {
    readonly admin?: boolean;
    readonly file?: string;
    readonly overwriteExisting?: boolean;
    readonly context?: string;
  },
): Promise<void> {
  const { aks } = openSession(flags);
  const { resourceGroup, name } = flags;
  const { kubeconfigs = [] } = flags.admin
    ? await aks.managedClusters.listClusterAdminCredentials(resourceGroup, name)
    : await aks.managedClusters.listClusterUserCredentials(resourceGroup, name);
  const [first] = kubeconfigs;
  if (!first?.value) throw new UsageError('No Kubernetes credentials found.');
  const text = Buffer.from(first.value).toString();
  if (flags.file === '-') {
    process.stdout.write(text);
    return;
  }
  const path = flags.file ?? join(homedir(), '.kube', 'config');
  const existing = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const merged = mergeKubeconfig(existing, text, {
    overwrite: flags.overwriteExisting ?? false,
    ...(flags.context !== undefined && { context: flags.context }),
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, merged.text, { mode: 0o600 });
  if (!flags.onlyShowErrors)
    process.stderr.write(`Merged "${merged.context}" as current context in ${path}\n`);
}

export async function wait(flags: ClusterFlags & WaitFlags): Promise<void> {
  const { aks } = openSession(flags);
  await waitFor(flags, () => aks.managedClusters.get(flags.resourceGroup, flags.name));
}
