/** The one place where the product is called. */
import { objectLists } from './case.js';
import type { Case, Configuration, ProfileConfiguration } from './case.js';
import type { Pod } from './objects.js';
import { resources } from './resources.js';

/** A case without what belongs to the file: what the product's scheduler is given. */
export type SchedulingCaseInput = Omit<Case, 'formatVersion' | 'decision'>;

export interface EngineRefusal {
  readonly plugin: string;
  readonly reasons: readonly string[];
  readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable';
}

/** What the product's scheduler says. */
export interface EngineDecision {
  /** By node; of those looked at. */
  readonly refusals: Readonly<Record<string, EngineRefusal>>;
  /** In the order found. */
  readonly feasible: readonly string[];
  /** Weighted, by node and plugin; a plugin that has nothing to say may be absent. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly totals: Readonly<Record<string, number>>;
  readonly node?: string;
  readonly message?: string;
  readonly preemption?: { readonly node: string; readonly victims: readonly string[] };
}

export type Engine = (input: SchedulingCaseInput) => EngineDecision;

/** Undefined as long as the product has no entry for single decisions. */
export async function loadEngine(): Promise<Engine | undefined> {
  const scheduler: Readonly<Record<string, unknown>> = await import('../../src/scheduler/index.js');
  const { decide } = scheduler;
  if (!isFunction(decide)) return undefined;
  return ({ configuration, ...input }) =>
    decide({
      ...input,
      pods: input.pods.filter((pod) => !isFinished(pod)),
      objects: objectsOf(input),
      ...(configuration === undefined ? {} : { configuration: settingsOf(configuration) }),
    }) as EngineDecision;
}

const isFunction = (value: unknown): value is (input: object) => unknown => typeof value === 'function';

/** Not even watched by a scheduler. */
const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** A gated pod, or one that is being deleted, is turned away by the queue: there is no decision to compare. */
export const isAttempted = ({ pod: { metadata, spec } }: Case): boolean =>
  metadata.deletionTimestamp === undefined && (spec.schedulingGates ?? []).length === 0;

/** All but nodes and pods, each with its kind. */
const objectsOf = (input: SchedulingCaseInput): readonly object[] =>
  objectLists.flatMap((list) => {
    if (list === 'nodes' || list === 'pods') return [];
    const { apiVersion, kind } = list === 'namespaces' ? namespace : resources[list];
    return (input[list] ?? []).map((object) => ({ apiVersion, kind, ...object }));
  });

const namespace = { apiVersion: 'v1', kind: 'Namespace' };

/** The product's own configuration: it has plugins on or off, and doesn't tell extension points apart. */
function settingsOf({ profiles, ...rest }: Configuration): object {
  return {
    ...rest,
    ...(profiles === undefined ? {} : { profiles: profiles.map(profileOf) }),
  };
}

const scorers = [
  'TaintToleration',
  'NodeAffinity',
  'NodeResourcesFit',
  'PodTopologySpread',
  'InterPodAffinity',
  'DynamicResources',
  'NodeResourcesBalancedAllocation',
  'ImageLocality',
];

function profileOf({
  schedulerName,
  plugins = {},
  pluginConfig = [],
  ...rest
}: ProfileConfiguration): object {
  const { multiPoint, filter, postFilter, score } = plugins;
  const named = (of: typeof score): readonly string[] => of?.disabled?.map(({ name }) => name) ?? [];
  const unscored = named(score).includes('*') ? scorers : named(score);
  return {
    ...rest,
    schedulerName: schedulerName ?? 'default-scheduler',
    args: Object.fromEntries(pluginConfig.map(({ name, args }) => [name, args])),
    disabled: [
      ...named(multiPoint),
      ...named(filter),
      ...named(postFilter).flatMap((name) => (name === '*' ? ['PostFilter/*', 'DefaultPreemption'] : name)),
    ],
    weights: {
      ...Object.fromEntries(unscored.map((name) => [name, 0])),
      ...Object.fromEntries(
        [...(multiPoint?.enabled ?? []), ...(score?.enabled ?? [])].map(({ name, weight = 1 }) => [
          name,
          weight,
        ]),
      ),
    },
  };
}
