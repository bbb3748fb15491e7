import { controllerOf } from '../../kube/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { SchedulerProfile } from '../framework/configuration.js';
import type { Dependence, Plugin, PluginContext, Subject } from '../framework/plugin.js';
import { NodeProgram } from './node-program.js';
import type { Part } from './node-program.js';
import { PodProgram } from './pod-program.js';
import { RecentlyUsed } from './recently-used.js';

/** Programs kept: one costs a few bytes a node. */
const kept = 512;

/** Compiles pods by a profile; pods of equal needs share what is compiled. */
export class Programs {
  readonly plugins: readonly Plugin[];
  readonly #profile: SchedulerProfile;
  readonly #cache: ClusterCache;
  readonly #nodePrograms = new RecentlyUsed<NodeProgram>(kept, () => undefined);
  readonly #podPrograms = new RecentlyUsed<PodProgram>(kept, (program) => program.dispose());

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
    return this.#podPrograms.get(`${String(shape.id)} ${owner} ${labels.key}`, () => {
      const nodeProgram = this.#nodePrograms.get(shape.key, () => {
        const parts = this.compile('node', subject, context);
        return new NodeProgram(this.#cache, parts, shape.priority);
      });
      const parts = this.compile('cluster', subject, context);
      return new PodProgram(this.#cache, nodeProgram, parts, shape.priority);
    });
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
  }
}
