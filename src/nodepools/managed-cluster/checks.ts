import { AzureError } from '../../azure/index.js';
import type { ManagedClusterInput, ManagedClusterSku, PoolCatalog } from '../model.js';
import { invalidCluster, missingParameter, notModelled, refusal } from '../refusal.js';
import { tagsError } from '../rules/tags.js';
import { checkAutoScalerProfile } from './autoscaler-profile.js';

const resourceType = 'Microsoft.ContainerService/managedClusters';

/** Cluster names: 1 to 63 letters, digits, hyphens and underscores, with a letter or digit at both ends. */
export function checkClusterName(name: string): void {
  if (/^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/.test(name)) return;
  throw refusal(
    'InvalidParameter',
    `The value of parameter managedCluster.name is invalid: '${name}' must have 1 to 63 letters, digits, hyphens and ` +
      `underscores, and start and end with a letter or digit. Please see https://aka.ms/aks-naming-rules for more details.`,
    'name',
  );
}

/** The region of a new cluster in its normal form. ARM's front door answers for a missing or unknown one. */
export function resolveLocation(sent: string | undefined, catalog: PoolCatalog): string {
  if (sent === undefined || sent === '') {
    throw new AzureError({
      status: 400,
      code: 'LocationRequired',
      envelope: 'arm',
      message: 'The location property is required for this definition.',
      target: 'location',
    });
  }
  const region = catalog.region(sent);
  if (region) return region.name;
  throw new AzureError({
    status: 400,
    code: 'LocationNotAvailableForResourceType',
    envelope: 'arm',
    message: `The provided location '${sent}' is not available for resource type '${resourceType}'.`,
    target: 'location',
  });
}

/** `sku` with older names brought to today's: `Basic` is `Base`, `Paid` is `Standard`. */
export function resolveSku(sent: ManagedClusterInput['sku'], fallback: ManagedClusterSku): ManagedClusterSku {
  if (sent?.name === 'Automatic') throw notModelled('AKS Automatic clusters (sku.name)', 'sku.name');
  const tier = sent?.tier === 'Paid' ? 'Standard' : sent?.tier;
  return {
    name: 'Base',
    tier: tier === 'Standard' || tier === 'Premium' || tier === 'Free' ? tier : fallback.tier,
  };
}

/** Host name prefix: 1 to 54 letters, digits and hyphens. */
export function checkDnsPrefix(dnsPrefix: string | undefined): string {
  if (dnsPrefix === undefined || dnsPrefix === '') throw missingParameter('dnsPrefix');
  if (/^[a-zA-Z0-9]$|^[a-zA-Z0-9][-a-zA-Z0-9]{0,52}[a-zA-Z0-9]$/.test(dnsPrefix)) return dnsPrefix;
  throw invalidCluster(
    'dnsPrefix',
    `'${dnsPrefix}' must have 1 to 54 letters, digits and hyphens, and start and end with a letter or digit.`,
  );
}

const maxNodeResourceGroup = 80;

/** The group of the cluster's VMs: `MC_…`, cut to 80 characters, unless the cluster names one. */
export function resolveNodeResourceGroup(
  sent: string | undefined,
  cluster: { readonly name: string; readonly resourceGroup: string; readonly location: string },
): string {
  if (sent === undefined || sent === '') {
    return `MC_${cluster.resourceGroup}_${cluster.name}_${cluster.location}`.slice(0, maxNodeResourceGroup);
  }
  if (sent.length > maxNodeResourceGroup || !/^[-\w.()]*[-\w()]$/.test(sent)) {
    throw invalidCluster(
      'nodeResourceGroup',
      `'${sent}' is not a name of a resource group of at most ${maxNodeResourceGroup} characters.`,
    );
  }
  if (sent.toLowerCase() === cluster.resourceGroup.toLowerCase()) {
    throw invalidCluster('nodeResourceGroup', "it must not be the cluster's own resource group.");
  }
  return sent;
}

/** Long-term support is sold with the Premium tier only (AKS: long-term support). */
export function checkSupportPlan(plan: string, sku: ManagedClusterSku): void {
  if (plan === 'AKSLongTermSupport' && sku.tier !== 'Premium') {
    throw invalidCluster('supportPlan', `AKSLongTermSupport needs sku.tier Premium, not ${sku.tier}.`);
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** Rules that hold for every PUT of a cluster, and what Poolkeeper would only pretend to do. */
export function checkClusterProperties({ properties, tags }: ManagedClusterInput): void {
  const badTags = tagsError(tags, 'tags');
  if (badTags) throw badTags;
  checkAutoScalerProfile(properties.autoScalerProfile);
  const { linuxProfile, windowsProfile } = properties;
  if (linuxProfile) {
    if (!/^[A-Za-z][-A-Za-z0-9_]*$/.test(linuxProfile.adminUsername ?? '')) {
      throw invalidCluster(
        'linuxProfile.adminUsername',
        'it starts with a letter and has letters, digits, - and _.',
      );
    }
    if (!linuxProfile.ssh?.publicKeys?.[0]?.keyData)
      throw missingParameter('linuxProfile.ssh.publicKeys.keyData');
  }
  if (windowsProfile && !windowsProfile.adminUsername) throw missingParameter('windowsProfile.adminUsername');
  if (memberOf(properties.apiServerAccessProfile, 'enablePrivateCluster') === true) {
    const target = 'apiServerAccessProfile.enablePrivateCluster';
    throw notModelled(`private clusters (${target})`, target);
  }
  if (memberOf(properties['nodeProvisioningProfile'], 'mode') === 'Auto') {
    throw notModelled(
      'node auto-provisioning (nodeProvisioningProfile.mode)',
      'nodeProvisioningProfile.mode',
    );
  }
}
