import type { Seed } from '../../sim/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import type { EventNote } from '../controllers/events.js';
import type { Container, MissingNeed, Pod } from '../kinds/index.js';
import { isEphemeral } from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';
import type { NodeImage } from './node-images.js';
import type { KubeletTimings } from './timings.js';

/** What a pod's turn may look at: the machine below reads nothing else. */
export interface View {
  readonly cluster: string;
  readonly now: Instant;
  readonly timings: KubeletTimings;
  readonly node: KubeNode;
  readonly seed: Seed;
  /** An image of the node, there or on its way. */
  readonly image: (reference: string) => NodeImage | undefined;
  /** A ConfigMap or Secret that a container's environment needs and that is not there. */
  readonly missingConfig: (container: Container) => MissingNeed | undefined;
  /** What the pod lacks before any of its containers can be made: a volume, an address. */
  readonly missingSetup: () => MissingNeed | undefined;
}

/** What comes of a turn beside the pod's new life. */
export class Outcome {
  readonly events: EventNote[] = [];
  /** Images that the node begins to pull, by reference. */
  readonly pulls: Record<string, NodeImage> = {};
  /** Terms of what the pod waits for. */
  readonly needs: string[] = [];
  #next: number | undefined;

  /** When time alone changes something next. */
  get next(): Instant | undefined {
    return this.#next === undefined ? undefined : instant(this.#next);
  }

  lookAgain(at: number): void {
    this.#next = Math.min(at, this.#next ?? Infinity);
  }

  tell(type: EventNote['type'], reason: string, message: string, fieldPath?: string): void {
    this.events.push({
      type,
      reason,
      message,
      component: 'kubelet',
      ...(fieldPath !== undefined && { fieldPath }),
    });
  }
}

/** Where a container is in its pod, as events point to it, e.g. `spec.containers{web}`. */
export function fieldPathOf(pod: Pod, container: Container): string {
  const isMain = pod.spec.containers.includes(container);
  const list = isMain ? 'containers' : isEphemeral(pod, container) ? 'ephemeralContainers' : 'initContainers';
  return `spec.${list}{${container.name}}`;
}
