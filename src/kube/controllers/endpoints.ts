import type { Transaction, Versioned } from '../../store/index.js';
import { insertObject, replaceObject } from '../api/index.js';
import {
  endpointSlices,
  isFinished,
  isReady,
  isTerminating,
  nodeKind,
  pods,
  services,
} from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { membersOf } from '../object.js';
import type { Stored } from '../object.js';
import type { Draft } from '../resource-type.js';
import { namespaceTerm, objectKey } from '../resource-type.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';
import { controllerReference } from './owned.js';

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol?: string;
    readonly targetPort?: number | string;
  }[];
}

const specOf = (stored: Stored): ServiceSpec => (membersOf(stored.object)['spec'] ?? {}) as ServiceSpec;

const selects = ({ selector }: ServiceSpec, labels: Readonly<Record<string, string>> = {}): boolean =>
  selector !== undefined &&
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Keeps the addresses behind each service (Kubernetes: EndpointSlices; one slice a service here). */
export class EndpointsController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: pods,
      keys: ({ cluster, before, after }, store) => {
        const { namespace = '' } = (after ?? before)?.metadata ?? {};
        return store
          .findEntries(services.collection, 'byNamespace', namespaceTerm(cluster, namespace))
          .filter(({ value }) =>
            [before, after].some((pod) => pod && selects(specOf(value), pod.metadata.labels)),
          )
          .map(({ key }) => key);
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, services);
  }

  protected reconcile(tx: Transaction, { value }: Versioned<Stored>): undefined {
    const { cluster, object: service } = value;
    const { name, namespace = '' } = service.metadata;
    const spec = specOf(value);
    if (!spec.selector || isTerminating(service)) return undefined;
    const key = objectKey(cluster, namespace, name);
    const behind = (
      tx.find(pods.collection, 'byNamespace', namespaceTerm(cluster, namespace)) as readonly Stored<Pod>[]
    )
      .map(({ object }) => object)
      .filter(
        (pod) => selects(spec, pod.metadata.labels) && !isFinished(pod) && pod.status?.podIP !== undefined,
      );
    const body = (): Draft => ({
      metadata: {
        name,
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        ownerReferences: [controllerReference(services, service)],
      },
      addressType: 'IPv4',
      endpoints: behind.map((pod) => endpoint(tx, cluster, pod)),
      ports: (spec.ports ?? []).map(({ name: portName = '', port, protocol = 'TCP', targetPort }) => ({
        name: portName,
        port: targetPortOf(behind[0], targetPort) ?? port,
        protocol,
      })),
    });
    const present = tx.entry(endpointSlices.collection, key);
    if (present) replaceObject(this.parts.context, tx, endpointSlices, present, body(), 'object');
    else insertObject(this.parts.context, tx, endpointSlices, { cluster, namespace }, body());
    return undefined;
  }
}

function targetPortOf(pod: Pod | undefined, targetPort: number | string | undefined): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return pod?.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === targetPort)
    ?.containerPort;
}

function endpoint(tx: Transaction, cluster: string, pod: Pod): object {
  const { metadata, spec, status } = pod;
  const ready = isReady(pod);
  const terminating = isTerminating(pod);
  const node = tx.get(nodeKind.collection, objectKey(cluster, undefined, spec.nodeName ?? ''));
  const zone = node?.object.metadata.labels?.['topology.kubernetes.io/zone'];
  return {
    addresses: [status?.podIP],
    conditions: { ready: ready && !terminating, serving: ready, terminating },
    nodeName: spec.nodeName,
    targetRef: { kind: 'Pod', name: metadata.name, namespace: metadata.namespace, uid: metadata.uid },
    ...(zone !== undefined && { zone }),
  };
}
