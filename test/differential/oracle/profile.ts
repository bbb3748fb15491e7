/** Which plugins run, in which order, and with which weights. */
import type { Case, ExtensionPoint, PluginArguments, PluginSet, ProfileConfiguration } from '../case.js';
import type { Pod } from '../objects.js';
import type { Plugin } from './plugin.js';
import { dynamicResources } from './plugins/dynamic-resources.js';
import { imageLocality } from './plugins/image-locality.js';
import { interPodAffinity } from './plugins/inter-pod-affinity.js';
import { nodeAffinity } from './plugins/node-affinity.js';
import { nodeName } from './plugins/node-name.js';
import { nodePorts } from './plugins/node-ports.js';
import { nodeResourcesBalancedAllocation } from './plugins/node-resources-balanced-allocation.js';
import { nodeResourcesFit } from './plugins/node-resources-fit.js';
import { nodeUnschedulable } from './plugins/node-unschedulable.js';
import { nodeVolumeLimits } from './plugins/node-volume-limits.js';
import { podTopologySpread } from './plugins/pod-topology-spread.js';
import { taintToleration } from './plugins/taint-toleration.js';
import { volumeBinding } from './plugins/volume-binding.js';
import { volumeRestrictions } from './plugins/volume-restrictions.js';
import { volumeZone } from './plugins/volume-zone.js';
import { hasDynamicResources } from './version.js';
import type { Version } from './version.js';

/** Preemption is not about single nodes and has a file of its own; here it only has its place among the others. */
const defaultPreemption: Plugin = { name: 'DefaultPreemption' };

const inOrder: readonly (readonly [plugin: Plugin, weight: number])[] = [
  [nodeUnschedulable, 0],
  [nodeName, 0],
  [taintToleration, 3],
  [nodeAffinity, 2],
  [nodePorts, 0],
  [nodeResourcesFit, 1],
  [volumeRestrictions, 0],
  [nodeVolumeLimits, 0],
  [volumeBinding, 0],
  [volumeZone, 0],
  [podTopologySpread, 2],
  [interPodAffinity, 2],
  [dynamicResources, 2],
  [defaultPreemption, 0],
  [nodeResourcesBalancedAllocation, 1],
  [imageLocality, 1],
];

/** Whether a plugin has something for an extension point. */
const provides: Readonly<Record<Exclude<ExtensionPoint, 'preScore'>, (plugin: Plugin) => boolean>> = {
  preFilter: ({ hasPreFilter }) => hasPreFilter === true,
  filter: ({ prepare }) => prepare !== undefined,
  postFilter: ({ name }) => name === 'DynamicResources' || name === 'DefaultPreemption',
  score: ({ score }) => score !== undefined,
};

export interface Profile {
  readonly preFilters: readonly Plugin[];
  readonly filters: readonly Plugin[];
  readonly postFilters: readonly string[];
  readonly scorers: readonly (readonly [plugin: Plugin, weight: number])[];
  readonly args: PluginArguments;
  readonly percentageOfNodesToScore: number;
}

/** The profile that the pod names. */
export function profileOf({ configuration = {} }: Case, pod: Pod, version: Version): Profile {
  const { profiles = [], percentageOfNodesToScore = 0 } = configuration;
  const wanted = pod.spec.schedulerName ?? defaultScheduler;
  const named = (profiles.length === 0 ? [{}] : profiles).map(withName);
  const profile = named.find(({ schedulerName }) => schedulerName === wanted);
  if (profile === undefined) throw new Error(`no profile is called ${wanted}`);
  const point = (name: Exclude<ExtensionPoint, 'preScore'>): readonly Plugin[] =>
    pluginsAt(name, profile, version);
  return {
    preFilters: point('preFilter'),
    filters: point('filter'),
    postFilters: point('postFilter').map(({ name }) => name),
    scorers: point('score').map((plugin) => [plugin, weightOf(plugin.name, profile)]),
    args: Object.fromEntries((profile.pluginConfig ?? []).map(({ name, args }) => [name, args])),
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? percentageOfNodesToScore,
  };
}

export const defaultScheduler = 'default-scheduler';

/** A single profile needs no name. */
const withName = (profile: ProfileConfiguration): ProfileConfiguration => ({
  ...profile,
  schedulerName: profile.schedulerName ?? defaultScheduler,
});

/**
 * Those enabled for the extension point that are enabled everywhere too, then the others that are enabled everywhere, then the
 * rest of those enabled for it.
 */
function pluginsAt(
  point: Exclude<ExtensionPoint, 'preScore'>,
  profile: ProfileConfiguration,
  version: Version,
): readonly Plugin[] {
  const own = profile.plugins?.[point] ?? {};
  const isDisabled = (name: string): boolean => lists(own.disabled, name);
  const everywhere = everywherePlugins(profile, version).filter(provides[point]);
  const enabled = (own.enabled ?? []).map(({ name }) => pluginNamed(name)).filter(provides[point]);
  return [
    ...enabled.filter((plugin) => everywhere.includes(plugin) && !isDisabled(plugin.name)),
    ...everywhere.filter((plugin) => !enabled.includes(plugin) && !isDisabled(plugin.name)),
    ...enabled.filter((plugin) => !everywhere.includes(plugin) || isDisabled(plugin.name)),
  ];
}

function everywherePlugins({ plugins }: ProfileConfiguration, version: Version): readonly Plugin[] {
  const { enabled = [], disabled } = plugins?.multiPoint ?? {};
  const defaults = inOrder
    .map(([plugin]) => plugin)
    .filter((plugin) => plugin !== dynamicResources || hasDynamicResources(version))
    .filter(({ name }) => !lists(disabled, name));
  return [...new Set([...defaults, ...enabled.map(({ name }) => pluginNamed(name))])];
}

const lists = (disabled: PluginSet['disabled'], name: string): boolean =>
  disabled?.some((each) => each.name === '*' || each.name === name) === true;

function pluginNamed(name: string): Plugin {
  const plugin = inOrder.map(([each]) => each).find((each) => each.name === name);
  if (plugin === undefined) throw new Error(`no plugin is called ${name}`);
  return plugin;
}

/** As set for scoring, else everywhere, else by default; a plugin that is enabled without a weight has 1. */
function weightOf(name: string, { plugins }: ProfileConfiguration): number {
  const isNamed = (each: { readonly name: string }): boolean => each.name === name;
  const set = plugins?.score?.enabled?.find(isNamed) ?? plugins?.multiPoint?.enabled?.find(isNamed);
  const byDefault = inOrder.find(([plugin]) => plugin.name === name)?.[1] ?? 0;
  const weight = set === undefined ? byDefault : (set.weight ?? 0);
  return weight === 0 ? 1 : weight;
}
