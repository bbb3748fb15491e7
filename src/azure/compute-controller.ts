import type { Clock } from '../sim/index.js';
import type { Store } from '../store/index.js';
import type { Instant } from '../units/index.js';
import { removeInstance, virtualMachines } from './compute.js';
import type { VirtualMachine, VirtualMachineState } from './compute.js';
import type { Catalog } from './catalog.js';

/**
 * Moves VMs on when their time has come: creating to running or failed, deleting to gone. VMs that are due together move in one
 * transaction, on one event of the clock; all is derived from the store, so a restart goes on where it was.
 */
export class ComputeController {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #catalog: Catalog;
  readonly #due = new Map<Instant, Set<string>>();

  constructor(parts: { store: Store; clock: Clock; catalog: Catalog }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#catalog = parts.catalog;
  }

  start(): void {
    for (const vm of this.#store.list(virtualMachines)) this.#follow(vm);
    this.#store.watch({ collections: [virtualMachines] }, ({ changes }) => {
      for (const { collection, after } of changes) {
        if (collection === virtualMachines.name && after) this.#follow(after as VirtualMachine);
      }
    });
  }

  #follow({ key, state }: VirtualMachine): void {
    if (!('until' in state)) return;
    const { until } = state;
    const waiting = this.#due.get(until);
    if (waiting) {
      waiting.add(key);
      return;
    }
    this.#due.set(until, new Set([key]));
    this.#clock.at(until, () => this.#move(until), 'virtual machines');
  }

  #move(moment: Instant): void {
    const keys = this.#due.get(moment) ?? [];
    this.#due.delete(moment);
    this.#store.transact((tx) => {
      for (const key of keys) {
        const vm = tx.get(virtualMachines, key);
        // Its state may have changed since: then it is followed at another moment.
        if (!vm || !('until' in vm.state) || vm.state.until !== moment) continue;
        if (vm.state.kind === 'deleting') removeInstance(tx, this.#catalog, vm);
        else tx.put(virtualMachines, key, { ...vm, state: created(vm.state, moment) });
      }
    });
  }
}

/** What has become of a VM that was being created. */
const created = (
  { failure }: Extract<VirtualMachineState, { readonly kind: 'creating' }>,
  since: Instant,
): VirtualMachineState => (failure ? { kind: 'failed', since, error: failure } : { kind: 'running', since });
