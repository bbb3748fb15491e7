import type { Transaction, Versioned } from '../../../store/index.js';
import { endpointSlices, endpoints, isTerminating, services } from '../../kinds/index.js';
import type { Stored } from '../../object.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { controlledBy } from '../owned.js';
import { writeSlices } from './endpoint-slices.js';
import type { EndpointSlice } from './endpoint-slices.js';
import { endpointsManager } from './endpoints.js';
import type { Endpoints, Subset } from './endpoints.js';
import { hasSelector } from './service.js';
import type { Service } from './service.js';
import type { Endpoint, PortGroup } from './slices.js';

const manager = 'endpointslicemirroring-controller.k8s.io';
const skip = 'endpointslice.kubernetes.io/skip-mirror';
const leader = 'control-plane.alpha.kubernetes.io/leader';
/** Addresses of a subset that are mirrored at most. */
const most = 1000;

/**
 * Mirrors Endpoints that somebody makes for a service without a selector into slices, and deletes those that the control
 * plane made for a service that is gone (Kubernetes: EndpointSlice mirroring).
 */
export class EndpointsMirror extends Controller {
  /** Endpoints, by key, whose service has just been deleted. */
  readonly #left = new Set<string>();
  protected readonly triggers: readonly Trigger[] = [
    {
      type: services,
      keys: ({ key, after }) => {
        if (!after) this.#left.add(key);
        return [key];
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, endpoints);
  }

  protected reconcile(tx: Transaction, { key, value }: Versioned<Stored>): undefined {
    const object = value.object as Endpoints;
    const service = tx.get(services.collection, key)?.object as Service | undefined;
    if (!service) {
      const isOwn = object.metadata.labels?.[endpointsManager.label] === endpointsManager.name;
      if (isOwn || this.#left.delete(key)) tx.delete(endpoints.collection, key);
      return undefined;
    }
    this.#left.delete(key);
    const { labels = {}, annotations = {} } = object.metadata;
    const isMirrored = !hasSelector(service) && labels[skip] !== 'true' && annotations[leader] === undefined;
    if (!isMirrored || isTerminating(object)) {
      for (const slice of controlledBy<EndpointSlice>(tx, endpointSlices, object.metadata.uid))
        tx.delete(endpointSlices.collection, slice.key);
      return undefined;
    }
    const body = {
      managedBy: manager,
      labels,
      owner: object,
      ownerType: endpoints,
      service: object.metadata.name,
    };
    writeSlices(this.parts, tx, value.cluster, body, (object.subsets ?? []).map(groupOf));
    return undefined;
  }
}

function groupOf({ addresses = [], notReadyAddresses = [], ports = [] }: Subset): PortGroup {
  const all = [
    ...addresses.map((address) => ({ ...address, ready: true })),
    ...notReadyAddresses.map((address) => ({ ...address, ready: false })),
  ].slice(0, most);
  const found = new Map<string, Endpoint>();
  for (const { ip, ready, hostname, nodeName, targetRef } of all) {
    found.set((targetRef as { uid?: string } | undefined)?.uid ?? ip, {
      addresses: [ip],
      conditions: { ready, serving: ready, terminating: false },
      ...(hostname !== undefined && { hostname }),
      ...(nodeName !== undefined && { nodeName }),
      ...(targetRef && { targetRef }),
    });
  }
  return {
    ports: ports.map((port) => ({ ...port, name: (port as { name?: string }).name ?? '' })),
    endpoints: found,
  };
}
