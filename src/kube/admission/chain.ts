import type { AdmissionChain, AdmissionOperation, AdmissionRequest, WriteContext } from '../api/context.js';
import type { ResourceType } from '../resource-type.js';
import type { AdmissionPlugin } from './plugin.js';

/** The plugins that writes of a kind pass, in order. */
interface Passed {
  /** Those that complete an object, by themselves or by what others decide. */
  readonly completing: readonly AdmissionPlugin[];
  readonly judging: readonly AdmissionPlugin[];
}

/** Plugins in order: all that complete an object come before all that only judge it (Kubernetes: admission phases). */
export class PluginChain implements AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];
  /** Most kinds pass few. */
  readonly #passed = new WeakMap<ResourceType, Map<AdmissionOperation, Passed>>();

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  mutate(request: AdmissionRequest, context: WriteContext): void {
    const { completing } = this.#passedBy(request);
    for (const [index, plugin] of completing.entries()) {
      plugin.mutate?.(request, context);
      if (plugin.amend?.(request, context) !== true) continue;
      for (const earlier of completing.slice(0, index)) earlier.mutate?.(request, context);
    }
  }

  validate(request: AdmissionRequest, context: WriteContext): void {
    for (const plugin of this.#passedBy(request).judging) plugin.validate?.(request, context);
  }

  mutates(request: AdmissionRequest): boolean {
    return this.#passedBy(request).completing.some((plugin) => plugin.isIdle?.(request) !== true);
  }

  #passedBy({ type, operation }: AdmissionRequest): Passed {
    let ofType = this.#passed.get(type);
    if (!ofType) this.#passed.set(type, (ofType = new Map<AdmissionOperation, Passed>()));
    const known = ofType.get(operation);
    if (known) return known;
    const passed = this.#plugins.filter(
      (plugin) => plugin.operations.includes(operation) && (plugin.kinds?.includes(type) ?? true),
    );
    const made = {
      completing: passed.filter(({ mutate, amend }) => mutate ?? amend),
      judging: passed.filter(({ validate }) => validate),
    };
    ofType.set(operation, made);
    return made;
  }
}
