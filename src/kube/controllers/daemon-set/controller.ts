import type { Store, Transaction, Versioned } from '../../../store/index.js';
import { daemonNodeOf, daemonSets, isTerminating, nodeKind, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import type { KubeNode } from '../../nodes/index.js';
import { controllerOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { sameJson } from '../../same-json.js';
import { mayBeSelecting } from '../../selectors/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Next, Seen, Trigger } from '../controller.js';
import type { DaemonSet } from './daemon-set.js';
import { DaemonTurn } from './turn.js';
import { Tally } from './tally.js';

/**
 * Keeps a pod on every node that a DaemonSet is for (Kubernetes: DaemonSet). What has changed since the last turn is noted
 * node by node; the turn looks at those nodes alone.
 */
export class DaemonSetController extends Controller {
  readonly #tallies = new Map<string, Tally>();

  protected readonly triggers: readonly Trigger[] = [
    { type: daemonSets, keys: ({ key, after }) => (after ? [] : this.#forget(key)) },
    { type: pods, keys: (seen, store) => this.#onPod(seen, store) },
    { type: nodeKind, keys: (seen, store) => this.#onNode(seen, store) },
  ];

  constructor(parts: ControllerParts) {
    super(parts, daemonSets);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const set = entry.value.object as DaemonSet;
    const turn = new DaemonTurn(this.parts, tx, entry, set, this.#tallyOf(tx, entry, set));
    if (!isTerminating(set)) turn.advance();
    return turn.putStatus();
  }

  #tallyOf(tx: Transaction, { key, value }: Versioned<Stored>, { metadata }: DaemonSet): Tally {
    const known = this.#tallies.get(key);
    const generation = metadata.generation ?? 0;
    if (known?.uid === metadata.uid && known.generation === generation) return known;
    const tally = new Tally(metadata.uid, generation);
    for (const { object } of tx.find(nodeKind.collection, 'byCluster', value.cluster))
      tally.dirty.add(object.metadata.name);
    for (const { object } of tx.find(pods.collection, 'byOwner', metadata.uid))
      tally.dirty.add(daemonNodeOf(object as Pod));
    this.#tallies.set(key, tally);
    return tally;
  }

  #forget(key: string): readonly string[] {
    this.#tallies.delete(key);
    return [];
  }

  /** A pod's controller, and those that may adopt it, look at its node. */
  #onPod({ cluster, before, after }: Seen, store: Store): readonly string[] {
    const keys = new Set<string>();
    const note = (key: string, pod: KubeObject): void => {
      this.#tallies.get(key)?.dirty.add(daemonNodeOf(pod as Pod));
      keys.add(key);
    };
    for (const pod of [before, after]) {
      if (!pod) continue;
      const owner = controllerOf(pod);
      if (owner?.kind === 'DaemonSet') note(objectKey(cluster, pod.metadata.namespace, owner.name), pod);
    }
    if (after && !controllerOf(after) && !isTerminating(after)) {
      const { namespace = '', labels = {} } = after.metadata;
      for (const { key } of mayBeSelecting(store, daemonSets, { cluster, namespace }, labels))
        note(key, after);
    }
    return [...keys];
  }

  /** All sets of the cluster look at a node that is another place now. */
  #onNode({ cluster, before, after }: Seen, store: Store): readonly string[] {
    if (before && after && isSamePlace(before as KubeNode, after as KubeNode)) return [];
    const { name } = (after ?? before)?.metadata ?? { name: '' };
    const sets = store.findEntries(daemonSets.collection, 'byCluster', cluster);
    for (const { key } of sets) this.#tallies.get(key)?.dirty.add(name);
    return sets.map(({ key }) => key);
  }
}

/** True when nothing has changed that decides which daemons a node has: its labels and its taints. */
const isSamePlace = (before: KubeNode, after: KubeNode): boolean =>
  sameJson(before.metadata.labels, after.metadata.labels) && sameJson(before.spec.taints, after.spec.taints);
