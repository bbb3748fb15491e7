import type { AdmissionChain, AdmissionOperation, AdmissionRequest, WriteContext } from '../api/context.js';
import type { ResourceType } from '../resource-type.js';
import type { AdmissionPlugin } from './plugin.js';

type Phase = 'mutate' | 'validate';
type Step = NonNullable<AdmissionPlugin[Phase]>;

/** Plugins in order: all that complete an object come before all that only judge it (Kubernetes: admission phases). */
export class PluginChain implements AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];
  /** The steps that a kind's writes pass: most kinds pass few. */
  readonly #steps = new WeakMap<ResourceType, Map<string, readonly Step[]>>();

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  mutate(request: AdmissionRequest, context: WriteContext): void {
    for (const step of this.#stepsOf('mutate', request.type, request.operation)) step(request, context);
  }

  validate(request: AdmissionRequest, context: WriteContext): void {
    for (const step of this.#stepsOf('validate', request.type, request.operation)) step(request, context);
  }

  mutates(type: ResourceType, operation: AdmissionOperation): boolean {
    return this.#stepsOf('mutate', type, operation).length > 0;
  }

  #stepsOf(phase: Phase, type: ResourceType, operation: AdmissionOperation): readonly Step[] {
    let ofType = this.#steps.get(type);
    if (!ofType) this.#steps.set(type, (ofType = new Map()));
    const key = `${phase}/${operation}`;
    const known = ofType.get(key);
    if (known) return known;
    const steps = this.#plugins.flatMap((plugin) => {
      const step = plugin[phase];
      const applies = plugin.operations.includes(operation) && (plugin.kinds?.includes(type) ?? true);
      return step && applies ? [step] : [];
    });
    ofType.set(key, steps);
    return steps;
  }
}
