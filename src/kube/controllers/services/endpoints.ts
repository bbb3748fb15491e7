import type { Transaction, Versioned } from '../../../store/index.js';
import { insertObject } from '../../api/index.js';
import { endpoints, isTerminating, pods, services } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { GatheringController } from '../gathering-controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import {
  hasSelector,
  headlessLabel,
  hostnameIn,
  isHeadless,
  isReadyFor,
  podsBehind,
  portsOf,
  targetRef,
} from './service.js';
import type { Service, TargetPort } from './service.js';
import { byService } from './triggers.js';

interface Address {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: object;
}

/** Addresses that have the same ports (core/v1 EndpointSubset). */
export interface Subset {
  readonly addresses?: readonly Address[];
  readonly notReadyAddresses?: readonly Address[];
  readonly ports?: readonly TargetPort[];
}

/** The addresses behind a service, all in one object (core/v1 Endpoints). */
export interface Endpoints extends KubeObject {
  readonly subsets?: readonly Subset[];
}

export const overCapacity = 'endpoints.kubernetes.io/over-capacity';
export const endpointsManager = { label: 'endpoints.kubernetes.io/managed-by', name: 'endpoint-controller' };
/** Addresses that the object has at most (Kubernetes: over-capacity endpoints). */
const most = 1000;
/** Keeps the Endpoints of services beside their slices (Kubernetes: Endpoints). */
export class EndpointsController extends GatheringController {
  protected readonly triggers: readonly Trigger[] = [
    { type: pods, keys: byService },
    this.forgets,
    // Objects of the same name as their service, put right when somebody changes or deletes them.
    { type: endpoints, keys: ({ key, before }) => (before ? [key] : []) },
  ];

  constructor(parts: ControllerParts) {
    super(parts, services);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): undefined {
    const { cluster } = entry.value;
    const service = entry.value.object as Service;
    if (!hasSelector(service) || isTerminating(service)) return undefined;
    const going = service.spec.publishNotReadyAddresses === true ? 'with those that are going' : 'without';
    const behind = podsBehind(tx, entry.value, going);
    this.noteSize(entry.key, behind.length);
    const { subsets, isTruncated } = subsetsOf(service, behind);
    const isMarked = this.parts.context.minorOf(cluster) >= 33;
    this.#write(tx, cluster, service, subsets, { isTruncated, isMarked });
    return undefined;
  }

  #write(
    tx: Transaction,
    cluster: string,
    { metadata: { name, namespace = '', labels: own }, ...service }: Service,
    subsets: readonly Subset[],
    { isTruncated, isMarked }: { readonly isTruncated: boolean; readonly isMarked: boolean },
  ): void {
    const labels = {
      ...own,
      ...(isMarked && { [endpointsManager.label]: endpointsManager.name }),
      ...(service.spec.clusterIP === 'None' && { [headlessLabel]: '' }),
    };
    const annotations = isTruncated ? { [overCapacity]: 'truncated' } : {};
    const present = tx.entry(endpoints.collection, objectKey(cluster, namespace, name));
    if (!present) {
      const draft = {
        metadata: { name, labels, annotations },
        ...(subsets.length > 0 && { subsets: structuredClone(subsets) }),
      };
      insertObject(
        this.parts.context,
        tx,
        endpoints,
        { cluster, namespace },
        draft as Record<string, unknown>,
      );
      return;
    }
    const object = present.value.object as Endpoints;
    const { [overCapacity]: _mark, ...others } = object.metadata.annotations ?? {};
    const marks = { ...others, ...annotations };
    const metadata = {
      ...object.metadata,
      labels,
      ...((Object.keys(marks).length > 0 || object.metadata.annotations) && { annotations: marks }),
    };
    const { subsets: _before, ...rest } = object;
    const written: Endpoints = { ...rest, metadata, ...(subsets.length > 0 && { subsets }) };
    if (canonicalJson(written) === canonicalJson(object)) return;
    tx.put(endpoints.collection, present.key, { ...present.value, object: written });
  }
}

/** What pods are behind a service, grouped by their ports; the ready ones first where there are too many. */
function subsetsOf(
  service: Service,
  behind: readonly Pod[],
): { readonly subsets: readonly Subset[]; readonly isTruncated: boolean } {
  const isTruncated = behind.length > most;
  const ready = behind.filter((pod) => isReadyFor(service, pod));
  const unready = behind.filter((pod) => !isReadyFor(service, pod));
  const groups = new Map<string, { ports: readonly TargetPort[]; ready: Address[]; unready: Address[] }>();
  for (const pod of [...ready, ...unready].slice(0, most)) {
    const ports = portsOf(service, pod);
    if (ports.length === 0 && !isHeadless(service)) continue;
    const key = canonicalJson(ports);
    const group = groups.get(key) ?? { ports, ready: [], unready: [] };
    groups.set(key, group);
    (isReadyFor(service, pod) ? group.ready : group.unready).push(addressOf(service, pod));
  }
  const byIp = (a: Address, b: Address): number => (a.ip < b.ip ? -1 : 1);
  const subsets = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({
      ...(group.ready.length > 0 && { addresses: group.ready.sort(byIp) }),
      ...(group.unready.length > 0 && { notReadyAddresses: group.unready.sort(byIp) }),
      ...(group.ports.length > 0 && { ports: group.ports }),
    }));
  return { subsets, isTruncated };
}

function addressOf(service: Service, pod: Pod): Address {
  const hostname = hostnameIn(service, pod);
  return {
    ip: pod.status?.podIP ?? '',
    ...(hostname !== undefined && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: targetRef(pod),
  };
}
