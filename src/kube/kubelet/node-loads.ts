import type { Change, Store } from '../../store/index.js';
import { isFinished, pods } from '../kinds/index.js';
import type { StoredPod } from '../kinds/index.js';
import { nodeKey } from '../nodes/index.js';
import { podRequests } from '../pods/index.js';
import type { Amounts } from '../pods/index.js';

/** True for a pod that its node has taken up and that has not ended. */
export const isResident = (stored: StoredPod | undefined): stored is StoredPod =>
  stored?.life !== undefined && !isFinished(stored.object);

const nothing: Amounts = new Map();

/**
 * What the pods on each node ask for together, kept by the store's changes: taking a pod up costs the same however many are
 * there. It follows from the store alone.
 */
export class NodeLoads {
  readonly #store: Store;
  readonly #loads = new Map<string, Map<string, number>>();

  constructor(store: Store) {
    this.#store = store;
  }

  start(): void {
    for (const stored of this.#store.list(pods.collection) as readonly StoredPod[]) {
      if (isResident(stored)) this.#add(stored, 1);
    }
    this.#store.watch({ collections: [pods.collection] }, ({ changes }) => {
      for (const change of changes) if (change.collection === pods.collection.name) this.#follow(change);
    });
  }

  /** Amounts by resource, in thousandths. */
  of(cluster: string, node: string): Amounts {
    return this.#loads.get(nodeKey(cluster, node)) ?? nothing;
  }

  #follow({ before, after }: Change): void {
    const was = before as StoredPod | undefined;
    const is = after as StoredPod | undefined;
    const isSame = isResident(was) === isResident(is) && was?.object.spec === is?.object.spec;
    if (isSame) return;
    if (isResident(was)) this.#add(was, -1);
    if (isResident(is)) this.#add(is, 1);
  }

  #add({ cluster, object: { spec } }: StoredPod, sign: 1 | -1): void {
    const key = nodeKey(cluster, spec.nodeName ?? '');
    const load = this.#loads.get(key) ?? new Map<string, number>();
    for (const [name, amount] of podRequests(spec)) load.set(name, (load.get(name) ?? 0) + sign * amount);
    if ((load.get('pods') ?? 0) > 0) this.#loads.set(key, load);
    else this.#loads.delete(key);
  }
}
