import { canonicalJson } from '../../object.js';
import type { TargetPort } from './service.js';

/** An address behind a service (discovery/v1 Endpoint). */
export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions: { readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean };
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: object;
}

/** Endpoints that have the same ports, by the ids of what they stand for. */
export interface PortGroup {
  readonly ports: readonly TargetPort[];
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

/** A slice as it is: its name, its ports, and the ids of its endpoints in their order. */
export interface PresentSlice {
  readonly name: string;
  readonly ports: readonly TargetPort[];
  readonly ids: readonly string[];
}

/** A slice as it should be; without a name it has to be made. */
export interface WantedSlice {
  readonly name: string | undefined;
  readonly ports: readonly TargetPort[];
  readonly endpoints: readonly Endpoint[];
}

/** Endpoints that a slice has at most (kube-controller-manager: max-endpoints-per-slice). */
const most = 100;

/**
 * Spreads endpoints over slices so that few slices change: an endpoint stays where it is, new ones fill the fullest slices,
 * and what has no room gets new ones (Kubernetes: EndpointSlice, distribution).
 */
export function spread(
  groups: readonly PortGroup[],
  present: readonly PresentSlice[],
): readonly WantedSlice[] {
  const byPorts = new Map<string, PresentSlice[]>();
  for (const slice of present) {
    const key = canonicalJson(slice.ports);
    byPorts.set(key, [...(byPorts.get(key) ?? []), slice]);
  }
  return groups.flatMap(({ ports, endpoints }) => {
    const placed = new Set<string>();
    const kept = (byPorts.get(canonicalJson(ports)) ?? []).map(({ name, ids }) => {
      const staying = ids.filter((id) => endpoints.has(id) && !placed.has(id));
      for (const id of staying) placed.add(id);
      return { name: name as string | undefined, ids: staying };
    });
    const homeless = [...endpoints.keys()].filter((id) => !placed.has(id));
    const fullestFirst = [...kept].sort((a, b) => b.ids.length - a.ids.length);
    for (const slice of fullestFirst) slice.ids.push(...homeless.splice(0, most - slice.ids.length));
    while (homeless.length > 0) kept.push({ name: undefined, ids: homeless.splice(0, most) });
    return kept
      .filter(({ ids }) => ids.length > 0)
      .map(({ name, ids }) => ({ name, ports, endpoints: ids.flatMap((id) => endpoints.get(id) ?? []) }));
  });
}
