import { milliValue } from '../../units/index.js';
import { isSidecar } from '../kinds/index.js';
import type { PodSpec } from '../kinds/index.js';

/** Amounts by resource name, in thousandths. */
export type Amounts = ReadonlyMap<string, number>;

/** A spec's requests are summed once: objects are immutable, and a pod's spec outlives its status. */
const summed = new WeakMap<PodSpec, Amounts>();

/**
 * What a pod asks of a node, by resource, in thousandths: its containers and sidecars together, or its largest init container
 * if that is more, and its overhead (NodeResourcesFit).
 */
export function podRequests(spec: PodSpec): Amounts {
  const known = summed.get(spec);
  if (known) return known;
  const sum = new Map<string, number>();
  const initial = new Map<string, number>();
  for (const container of spec.initContainers ?? []) {
    for (const [name, text] of Object.entries(container.resources?.requests ?? {})) {
      const amount = milliValue(text);
      if (isSidecar(container)) sum.set(name, (sum.get(name) ?? 0) + amount);
      // An init container runs beside the sidecars that were started before it.
      else initial.set(name, Math.max(initial.get(name) ?? 0, amount + (sum.get(name) ?? 0)));
    }
  }
  for (const { resources } of spec.containers) {
    for (const [name, text] of Object.entries(resources?.requests ?? {})) {
      sum.set(name, (sum.get(name) ?? 0) + milliValue(text));
    }
  }
  for (const [name, amount] of initial) sum.set(name, Math.max(sum.get(name) ?? 0, amount));
  for (const [name, text] of Object.entries(spec.resources?.requests ?? {})) sum.set(name, milliValue(text));
  for (const [name, text] of Object.entries(spec.overhead ?? {}))
    sum.set(name, (sum.get(name) ?? 0) + milliValue(text));
  sum.set('pods', 1000);
  summed.set(spec, sum);
  return sum;
}
