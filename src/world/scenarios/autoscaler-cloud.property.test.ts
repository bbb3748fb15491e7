import fc from 'fast-check';
import { test } from 'vitest';
import { AzureError, setShortage } from '../../azure/index.js';
import { Scenario, location, size } from './autoscaler-cloud-fixtures.js';

/** What may happen to a pool, and how much of it. */
type Step =
  | { readonly kind: 'increase' | 'delete' | 'evict' | 'pass' | 'capacity' | 'minimum'; readonly n: number }
  | { readonly kind: 'label' | 'switch' };

const some = (max: number) => fc.integer({ min: 1, max });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('increase', 'delete', 'evict' as const), n: some(3) }),
  fc.record({ kind: fc.constant('pass' as const), n: fc.constantFrom(0.1, 0.5, 1, 2) }),
  fc.record({ kind: fc.constant('capacity' as const), n: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant('minimum' as const), n: some(5) }),
  fc.record({ kind: fc.constantFrom('label', 'switch' as const) }),
);

/** AKS refuses a change of a pool that is busy, or for which there is no room: then there is none. */
function unlessRefused(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
  }
}

const switched = ({ pool }: Scenario): object =>
  pool.properties.enableAutoScaling
    ? { enableAutoScaling: false }
    : { enableAutoScaling: true, minCount: 1, maxCount: 10 };

function take(scenario: Scenario, step: Step, number: number): void {
  switch (step.kind) {
    case 'increase':
      return void scenario.increase(step.n);
    case 'delete':
      return void scenario.deleteNodes(...scenario.vms.slice(0, step.n).map(({ name }) => name));
    case 'evict':
      return scenario.evict(...scenario.vms.slice(-step.n).map(({ key }) => key));
    case 'pass':
      return scenario.cluster.pass(step.n);
    case 'capacity':
      return scenario.transact((tx) => setShortage(tx, { location, size, remaining: step.n }));
    case 'minimum':
      return unlessRefused(() => scenario.put({ minCount: step.n, maxCount: 10, enableAutoScaling: true }));
    case 'label':
      return unlessRefused(() => scenario.put({ nodeLabels: { step: String(number) } }));
    case 'switch':
      return unlessRefused(() => scenario.put(switched(scenario)));
  }
}

test.each(['Delete', 'Deallocate'])(
  'whatever the autoscaler, the owner and Azure do to a pool of policy %s, its operations end and its books agree',
  (scaleSetEvictionPolicy) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 20 }), (steps) => {
        const scenario = new Scenario({
          scaleSetPriority: 'Spot',
          scaleSetEvictionPolicy,
          osDiskType: 'Managed',
        });
        steps.forEach((one, number) => take(scenario, one, number));
        scenario.cluster.pass(120);
        const { count, provisioningState } = scenario.pool.properties;
        const { states, vms } = scenario;
        // An operation that could not make all it was to make leaves its count to be seen (AKS: partial failure).
        const isCounted = provisioningState === 'Failed' ? count >= vms.length : count === vms.length;
        const hasEnded = provisioningState === 'Failed' || provisioningState === 'Succeeded';
        const isSettled = (states['creating'] ?? 0) + (states['deleting'] ?? 0) === 0;
        const joined = scenario.nodes().length >= (states['running'] ?? 0);
        const isBooked =
          scenario.spotCoresUsed === 4 * vms.length && scenario.addressesUsed() === vms.length + 1;
        return isCounted && hasEnded && isSettled && joined && isBooked;
      }),
      { numRuns: 40, seed: 7 },
    );
  },
);
