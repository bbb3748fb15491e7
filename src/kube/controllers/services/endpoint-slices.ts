import type { Transaction, Versioned } from '../../../store/index.js';
import { insertObject } from '../../api/index.js';
import { endpointSlices, isReady, isTerminating, pods, services } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import type { Labels } from '../../selectors/index.js';
import type { ResourceType } from '../../resource-type.js';
import { GatheringController } from '../gathering-controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { controlledBy, controllerReference } from '../owned.js';
import {
  hasSelector,
  headlessLabel,
  hostnameIn,
  isHeadless,
  isReadyFor,
  podsBehind,
  portsOf,
  targetRef,
  zoneOf,
} from './service.js';
import type { Service, TargetPort } from './service.js';
import { spread } from './slices.js';
import type { Endpoint, PortGroup, WantedSlice } from './slices.js';
import { byService } from './triggers.js';

/** A slice of a service's endpoints (discovery/v1 EndpointSlice). */
export interface EndpointSlice extends KubeObject {
  readonly endpoints: readonly (Endpoint & { readonly targetRef?: { readonly uid?: string } })[];
  readonly ports: readonly TargetPort[];
}

export const managedBy = 'endpointslice.kubernetes.io/managed-by';
export const serviceName = 'kubernetes.io/service-name';
const manager = 'endpointslice-controller.k8s.io';

/** Keeps the addresses behind each service, a hundred a slice (Kubernetes: EndpointSlice). */
export class EndpointSliceController extends GatheringController {
  protected readonly triggers: readonly Trigger[] = [
    { type: pods, keys: byService },
    this.forgets,
    // A slice that somebody changes or deletes is put right.
    {
      type: endpointSlices,
      keys: ({ cluster, before, after }) => {
        if (!before) return [];
        const { labels, namespace = '' } = (after ?? before).metadata;
        const service = labels?.[serviceName];
        return labels?.[managedBy] === manager && service !== undefined
          ? [`${cluster}/${namespace}/${service}`]
          : [];
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, services);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): undefined {
    const { cluster } = entry.value;
    const service = entry.value.object as Service;
    if (!hasSelector(service) || isTerminating(service)) return undefined;
    const behind = podsBehind(tx, entry.value, 'with those that are going');
    this.noteSize(entry.key, behind.length);
    const groups = groupByPorts(service, behind, (pod) => endpointOf(tx, cluster, service, pod));
    const body = {
      managedBy: manager,
      labels: labelsOf(service),
      owner: service,
      ownerType: services,
      service: service.metadata.name,
    };
    writeSlices(
      this.parts,
      tx,
      cluster,
      body,
      groups.length > 0 ? groups : [{ ports: [], endpoints: new Map() }],
    );
    return undefined;
  }
}

function groupByPorts(
  service: Service,
  behind: readonly Pod[],
  endpoint: (pod: Pod) => Endpoint,
): readonly PortGroup[] {
  const groups = new Map<string, { ports: readonly TargetPort[]; endpoints: Map<string, Endpoint> }>();
  for (const pod of behind) {
    const ports = portsOf(service, pod);
    const key = canonicalJson(ports);
    const group = groups.get(key) ?? { ports, endpoints: new Map<string, Endpoint>() };
    groups.set(key, group);
    group.endpoints.set(pod.metadata.uid, endpoint(pod));
  }
  return [...groups.values()];
}

function endpointOf(tx: Transaction, cluster: string, service: Service, pod: Pod): Endpoint {
  const terminating = isTerminating(pod);
  const hostname = hostnameIn(service, pod);
  const zone = zoneOf(tx, cluster, pod);
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (isReadyFor(service, pod) && !terminating),
      serving: isReady(pod),
      terminating,
    },
    ...(hostname !== undefined && { hostname }),
    targetRef: targetRef(pod),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone !== undefined && { zone }),
  };
}

const labelsOf = (service: Service): Labels => {
  const { [headlessLabel]: _headless, ...labels } = service.metadata.labels ?? {};
  return { ...labels, ...(isHeadless(service) && { [headlessLabel]: '' }) };
};

/** Whose slices are written. */
export interface SliceBody {
  readonly managedBy: string;
  readonly labels: Labels;
  readonly owner: KubeObject;
  readonly ownerType: ResourceType;
  /** The name of the service that the endpoints are of. */
  readonly service: string;
}

/** Brings the slices of an owner to what they should be. */
export function writeSlices(
  parts: ControllerParts,
  tx: Transaction,
  cluster: string,
  body: SliceBody,
  groups: readonly PortGroup[],
): void {
  const present = controlledBy<EndpointSlice>(tx, endpointSlices, body.owner.metadata.uid);
  const labels = { ...body.labels, [managedBy]: body.managedBy, [serviceName]: body.service };
  const wanted = spread(
    groups,
    present.map(({ value: { object } }) => ({
      name: object.metadata.name,
      ports: object.ports,
      ids: object.endpoints.map(idOf),
    })),
  );
  // A service without endpoints has one empty slice.
  const all: readonly WantedSlice[] =
    wanted.length > 0 ? wanted : [{ name: present[0]?.value.object.metadata.name, ports: [], endpoints: [] }];
  const byName = new Map(all.flatMap((slice) => (slice.name === undefined ? [] : [[slice.name, slice]])));
  for (const entry of present) {
    const slice = byName.get(entry.value.object.metadata.name);
    if (slice) rewrite(tx, entry, slice, labels);
    else tx.delete(endpointSlices.collection, entry.key);
  }
  const { namespace = '' } = body.owner.metadata;
  for (const { name, ports, endpoints } of all) {
    if (name !== undefined) continue;
    insertObject(
      parts.context,
      tx,
      endpointSlices,
      { cluster, namespace },
      {
        metadata: {
          generateName: `${body.service}-`,
          labels,
          ownerReferences: [controllerReference(body.ownerType, body.owner)],
        },
        addressType: 'IPv4',
        endpoints: structuredClone(endpoints),
        ports: structuredClone(ports),
      },
    );
  }
}

const idOf = ({ targetRef: ref, addresses }: EndpointSlice['endpoints'][number]): string =>
  ref?.uid ?? addresses[0] ?? '';

function rewrite(
  tx: Transaction,
  { key, value }: Versioned<Stored<EndpointSlice>>,
  { ports, endpoints }: WantedSlice,
  labels: Labels,
): void {
  const { object } = value;
  const before = canonicalJson([object.metadata.labels, object.endpoints, object.ports]);
  if (canonicalJson([labels, endpoints, ports]) === before) return;
  const generation = (object.metadata.generation ?? 0) + 1;
  const written: EndpointSlice = {
    ...object,
    metadata: { ...object.metadata, labels, generation },
    endpoints,
    ports,
  };
  tx.put(endpointSlices.collection, key, { ...value, object: written });
}
