import type { ManagedCluster, ManagedClusterAgentPoolProfile } from '@azure/arm-containerservice';
import { InvalidValueError } from '../usage-error.js';
import { autoscalerChange, pairs } from './pool-flags.js';
import type { AutoscalerFlags } from './pool-flags.js';

/** The flags of `aks update`. */
export interface ClusterUpdateFlags extends AutoscalerFlags {
  readonly clusterAutoscalerProfile?: readonly string[];
  readonly caProfile?: readonly string[];
  readonly tags?: readonly string[];
}

/** Settings of the autoscaler's profile by their names on the wire; those that are JSON booleans there. */
const profileSettings: Readonly<Record<string, 'text' | 'boolean'>> = {
  'scan-interval': 'text',
  'scale-down-delay-after-add': 'text',
  'scale-down-delay-after-delete': 'text',
  'scale-down-delay-after-failure': 'text',
  'scale-down-unneeded-time': 'text',
  'scale-down-unready-time': 'text',
  'scale-down-utilization-threshold': 'text',
  'max-graceful-termination-sec': 'text',
  'balance-similar-node-groups': 'text',
  expander: 'text',
  'skip-nodes-with-local-storage': 'text',
  'skip-nodes-with-system-pods': 'text',
  'max-empty-bulk-delete': 'text',
  'new-pod-scale-up-delay': 'text',
  'max-total-unready-percentage': 'text',
  'max-node-provision-time': 'text',
  'ok-total-unready-count': 'text',
  'ignore-daemonsets-utilization': 'boolean',
  'daemonset-eviction-for-empty-nodes': 'boolean',
  'daemonset-eviction-for-occupied-nodes': 'boolean',
};

/** The SDK's spelling of a setting, e.g. `scanInterval`. */
const camelCase = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

type Profile = Readonly<Record<string, string | boolean>>;

/** `key=value …`, or with commas between; an empty text is no setting at all. @throws InvalidValueError with az's words. */
function profileOf(items: readonly string[]): Profile {
  const sent = pairs(
    '--cluster-autoscaler-profile',
    items.flatMap((item) => item.split(',')),
  );
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => {
      const kind = Object.hasOwn(profileSettings, name) ? profileSettings[name] : undefined;
      if (kind === undefined) {
        throw new InvalidValueError(
          `'${name}' is an invalid key for cluster-autoscaler-profile. Valid keys are ${Object.keys(profileSettings).join(', ')}.`,
        );
      }
      return [camelCase(name), kind === 'boolean' ? booleanOf(name, value) : value];
    }),
  );
}

function booleanOf(name: string, text: string): boolean {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  throw new InvalidValueError(`--cluster-autoscaler-profile: ${name} must be true or false, not '${text}'`);
}

/** What `aks update` is to change. */
export interface ClusterChanges {
  /** Empty: reset. */
  readonly profile?: Profile;
  readonly tags?: Readonly<Record<string, string>>;
  readonly autoscaler: AutoscalerFlags;
}

/** Reads the flags of `aks update`. @throws InvalidValueError with az's words. */
export function clusterChanges(flags: ClusterUpdateFlags): ClusterChanges {
  const given = flags.clusterAutoscalerProfile ?? flags.caProfile;
  const { enableClusterAutoscaler, disableClusterAutoscaler, updateClusterAutoscaler, minCount, maxCount } =
    flags;
  const autoscaler = {
    ...(enableClusterAutoscaler !== undefined && { enableClusterAutoscaler }),
    ...(disableClusterAutoscaler !== undefined && { disableClusterAutoscaler }),
    ...(updateClusterAutoscaler !== undefined && { updateClusterAutoscaler }),
    ...(minCount !== undefined && { minCount }),
    ...(maxCount !== undefined && { maxCount }),
  };
  if (!given && !flags.tags && Object.keys(autoscaler).length === 0) {
    throw new InvalidValueError(
      'Please specify one or more of --cluster-autoscaler-profile or --enable-cluster-autoscaler or ' +
        '--disable-cluster-autoscaler or --update-cluster-autoscaler or --tags.',
    );
  }
  return {
    ...(given && { profile: profileOf(given) }),
    ...(flags.tags && { tags: pairs('--tags', flags.tags) }),
    autoscaler,
  };
}

/** What an update of a cluster comes to: the whole cluster to put back, or a warning and nothing to do. */
export type ClusterUpdate =
  | { readonly kind: 'put'; readonly cluster: ManagedCluster }
  | { readonly kind: 'nothing'; readonly warning: string };

/** Applies changes to a cluster as it was read. @throws InvalidValueError with az's words. */
export function clusterToUpdate(current: ManagedCluster, changes: ClusterChanges): ClusterUpdate {
  const { profile, tags, autoscaler } = changes;
  const pools = current.agentPoolProfiles ?? [];
  const scaled = Object.keys(autoscaler).length > 0 ? onlyPool(pools, autoscaler) : { kind: 'same' as const };
  if (scaled.kind === 'nothing') return scaled;
  const reset = profile && Object.keys(profile).length === 0;
  return {
    kind: 'put',
    cluster: {
      ...current,
      ...(tags && { tags: { ...tags } }),
      ...(profile && { autoScalerProfile: reset ? {} : { ...current.autoScalerProfile, ...profile } }),
      ...(scaled.kind === 'put' && { agentPoolProfiles: [scaled.pool] }),
    },
  };
}

function onlyPool(
  pools: readonly ManagedClusterAgentPoolProfile[],
  flags: AutoscalerFlags,
):
  | { readonly kind: 'put'; readonly pool: ManagedClusterAgentPoolProfile }
  | { readonly kind: 'nothing'; readonly warning: string } {
  const [pool] = pools;
  if (!pool || pools.length > 1) {
    throw new InvalidValueError(
      'There are more than one node pool in the cluster. Please use "az aks nodepool" command to update per node pool ' +
        'auto scaler settings',
    );
  }
  const change = autoscalerChange(pool, flags);
  if (change.kind === 'nothing') return change;
  const { minCount: _min, maxCount: _max, ...unbounded } = pool;
  const base = change.changes.enableAutoScaling === false ? unbounded : pool;
  return { kind: 'put', pool: { ...base, ...change.changes } };
}
