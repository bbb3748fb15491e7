import { isSidecar } from '../kinds/index.js';
import type { Container, PodSpec } from '../kinds/index.js';
import { largestOf, sumOf } from './amounts.js';
import type { Amounts } from './amounts.js';
import { own } from '../../units/index.js';

/**
 * What a pod asks for, or may take, in all: its containers and sidecars together, or what its init containers need one after
 * the other if that is more, and its overhead (Kubernetes: the effective requests and limits of a pod).
 */
export function podResources(spec: PodSpec, part: 'requests' | 'limits'): Amounts {
  const of = (container: Container): Amounts => container.resources?.[part] ?? {};
  let running = spec.containers.map(of).reduce(sumOf, {});
  let sidecars: Amounts = {};
  let initial: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) {
      running = sumOf(running, of(container));
      sidecars = sumOf(sidecars, of(container));
      initial = largestOf(initial, sidecars);
    } else initial = largestOf(initial, sumOf(of(container), sidecars));
  }
  const total = largestOf(running, initial);
  const overhead = spec.overhead ?? {};
  if (part === 'requests') return sumOf(total, overhead);
  // A limit that is not set is none: overhead alone doesn't make one.
  const limited = Object.fromEntries(
    Object.entries(overhead).filter(([name]) => own(total, name) !== undefined),
  );
  return sumOf(total, limited);
}
