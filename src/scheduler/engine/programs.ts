import { controllerOf } from '../../kube/index.js';
import type { Pod, Volume } from '../../kube/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { SchedulerProfile } from '../framework/configuration.js';
import type { Refusal } from '../framework/refusal.js';
import type { Dependence, Plugin, PluginContext, Subject } from '../framework/plugin.js';
import { NodeProgram } from './node-program.js';
import type { Part } from './node-program.js';
import { PodProgram } from './pod-program.js';
import { RecentlyUsed } from './recently-used.js';

const none: readonly Part[] = [];

/** A volume that any node makes by itself: every pod has the one with its token. */
const isOfNode = ({ projected, configMap, secret, emptyDir, downwardAPI, hostPath }: Volume): boolean =>
  (projected ?? configMap ?? secret ?? emptyDir ?? downwardAPI ?? hostPath) !== undefined;

/** True for a pod that nodes take or refuse by other objects too. */
export const asksOthers = ({ spec: { volumes, resourceClaims } }: Pod): boolean =>
  resourceClaims !== undefined || volumes?.some((volume) => !isOfNode(volume)) === true;

/** Programs kept: one costs a few bytes a node. */
const kept = 512;

/** Compiles pods by a profile; pods of equal needs share what is compiled. */
export class Programs {
  readonly plugins: readonly Plugin[];
  readonly #profile: SchedulerProfile;
  readonly #cache: ClusterCache;
  readonly #nodePrograms = new RecentlyUsed<NodeProgram>(kept, () => undefined);
  readonly #podPrograms = new RecentlyUsed<PodProgram>(kept, (program) => program.dispose());

  /** The program that was asked for last, which is the last to be dropped: pods that share one come together. */
  #last:
    | (Pick<PodInfo, 'shape' | 'labels'> & { readonly owner: string; readonly program: PodProgram })
    | undefined;

  constructor(cache: ClusterCache, plugins: readonly Plugin[], profile: SchedulerProfile) {
    const disabled = new Set(profile.disabled);
    this.plugins = plugins.filter(({ name }) => !disabled.has(name));
    this.#profile = profile;
    this.#cache = cache;
  }

  /** The program of a pod, but for what holds for one attempt alone. */
  of(subject: Subject, context: PluginContext): PodProgram {
    const { shape, labels } = subject.info;
    // Who owns a pod matters to default spreading alone; pods of one owner share it.
    const owner = subject.pod.spec.topologySpreadConstraints ? '' : (controllerOf(subject.pod)?.uid ?? '');
    const last = this.#last;
    if (last?.shape === shape && last.labels === labels && last.owner === owner) return last.program;
    const program = this.#find(owner, subject, context);
    this.#last = { shape, labels, owner, program };
    return program;
  }

  #find(owner: string, subject: Subject, context: PluginContext): PodProgram {
    const { shape, labels } = subject.info;
    return this.#podPrograms.get(`${String(shape.id)} ${String(labels.id)} ${owner}`, () => {
      const nodeProgram = this.#nodePrograms.get(`${shape.nodeKey}${subject.pod.spec.nodeName ?? ''}`, () => {
        const parts = this.compile('node', subject, context);
        return new NodeProgram(this.#cache, parts, shape.priority);
      });
      const parts = this.compile('cluster', subject, context);
      return new PodProgram(this.#cache, nodeProgram, parts, shape.priority);
    });
  }

  /** The only nodes that the pod can go to, where its spec names them. */
  pinOf({ pod }: Subject): ReadonlySet<string> | Refusal | undefined {
    if (!pod.spec.affinity?.nodeAffinity) return undefined;
    for (const { pin } of this.plugins) {
      const pinned = pin?.(pod);
      if (pinned) return pinned;
    }
    return undefined;
  }

  /** What hangs on other objects than nodes and pods: made for one attempt alone. */
  passing(subject: Subject, context: PluginContext): readonly Part[] {
    return asksOthers(subject.pod) ? this.compile('objects', subject, context) : none;
  }

  /** What the plugins of a dependence make of a pod. */
  compile(dependsOn: Dependence, subject: Subject, context: PluginContext): readonly Part[] {
    return this.plugins.flatMap((plugin): readonly Part[] => {
      if (plugin.dependsOn !== dependsOn) return [];
      const program = plugin.compile(subject, context);
      const weight = this.#profile.weights?.[plugin.name] ?? plugin.weight ?? 0;
      return program ? [{ plugin, weight, program }] : [];
    });
  }

  /** Parts in the order of their plugins. */
  inOrder(parts: readonly Part[]): readonly Part[] {
    return [...parts].sort((a, b) => this.plugins.indexOf(a.plugin) - this.plugins.indexOf(b.plugin));
  }

  /** Compiles anew from now on, as objects have changed that programs were made from. */
  forget(): void {
    this.#podPrograms.clear();
    this.#last = undefined;
  }
}
