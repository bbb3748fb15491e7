import type { Transaction, Versioned } from '../../../store/index.js';
import { isTerminating, pods, statefulSets } from '../../kinds/index.js';
import type { Stored } from '../../object.js';
import { Controller, byControllerOrSelector } from '../controller.js';
import type { ControllerParts, Next, Trigger } from '../controller.js';
import type { StatefulSet } from './stateful-set.js';
import { StatefulTurn } from './turn.js';

/** Keeps pods with names and volumes of their own, one after the other (Kubernetes: StatefulSet). */
export class StatefulSetController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    { type: pods, keys: byControllerOrSelector(statefulSets) },
  ];

  constructor(parts: ControllerParts) {
    super(parts, statefulSets);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    // What belongs to one that goes is the garbage collector's.
    if (isTerminating(entry.value.object)) return undefined;
    return new StatefulTurn(this.parts, tx, entry, entry.value.object as StatefulSet).run();
  }
}
