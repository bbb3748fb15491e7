import type { Transaction, Versioned } from '../../store/index.js';
import { StatusError, deleteObject, insertObject } from '../api/index.js';
import type { WriteContext } from '../api/index.js';
import { isTerminating, pods } from '../kinds/index.js';
import type { Pod, PodTemplateSpec } from '../kinds/index.js';
import type { Stored } from '../object.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { recordEvent } from './events.js';
import { controllerReference, podDraft } from './owned.js';

/** Makes and deletes pods for a controller, and says so in events (Kubernetes: pod control). */
export class PodWriter {
  readonly #context: WriteContext;
  readonly #tx: Transaction;
  readonly #type: ResourceType;
  readonly #owner: Versioned<Stored>;
  readonly #component: string;

  constructor(
    context: WriteContext,
    tx: Transaction,
    type: ResourceType,
    owner: Versioned<Stored>,
    component: string,
  ) {
    this.#context = context;
    this.#tx = tx;
    this.#type = type;
    this.#owner = owner;
    this.#component = component;
  }

  /** @throws StatusError when the pod is refused; an event says so. */
  create(template: PodTemplateSpec, metadata: Draft = {}): Pod {
    const { cluster, object: owner } = this.#owner.value;
    const { name, namespace = '' } = owner.metadata;
    const draft = podDraft(template, {
      generateName: `${name}-`,
      ...metadata,
      ownerReferences: [controllerReference(this.#type, owner)],
    });
    try {
      const pod = insertObject(this.#context, this.#tx, pods, { cluster, namespace }, draft) as Pod;
      this.tell('Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      return pod;
    } catch (error) {
      if (error instanceof StatusError)
        this.tell('Warning', 'FailedCreate', `Error creating: ${error.message}`);
      throw error;
    }
  }

  /** Deletes a pod, unless it is being deleted already. */
  remove(entry: Versioned<Stored>): void {
    const { metadata } = entry.value.object;
    if (isTerminating(entry.value.object)) return;
    deleteObject(this.#context, this.#tx, pods, entry, { propagation: 'Background' });
    this.tell('Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`);
  }

  tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { cluster, object } = this.#owner.value;
    recordEvent(this.#tx, this.#context, cluster, object, {
      type,
      reason,
      message,
      component: this.#component,
    });
  }
}
