/**
 * Makes of a generated case one that an API server accepts: the generator writes down what a decision depends on, an object has
 * to be whole. What can't be had from an API server is left out.
 */
import type { Case } from '../case.js';
import type {
  Container,
  Node,
  PersistentVolume,
  Pod,
  ResourceList,
  SelectingController,
  Volume,
} from '../objects.js';
import type { Json } from './api.js';

/** A case with the parts of its objects that an API server insists on. */
export function acceptable(input: Case): Case {
  const volumes = input.persistentVolumes?.map(acceptableVolume);
  return {
    ...input,
    nodes: input.nodes.map(acceptableNode),
    pods: input.pods.map(acceptablePod),
    pod: acceptablePod(input.pod),
    ...(volumes === undefined ? {} : { persistentVolumes: volumes }),
    ...(input.services === undefined
      ? {}
      : { services: input.services.map((one) => ({ ...one, spec: { ...one.spec, clusterIP: 'None' } })) }),
    ...(input.replicationControllers === undefined
      ? {}
      : {
          replicationControllers: input.replicationControllers.map((one) => ({
            ...one,
            spec: { ...one.spec, replicas: 0, template: template(one.spec?.selector ?? {}) },
          })),
        }),
    ...(input.replicaSets === undefined ? {} : { replicaSets: input.replicaSets.map(controller) }),
    ...(input.statefulSets === undefined ? {} : { statefulSets: input.statefulSets.map(controller) }),
    ...(input.resourceClaims === undefined
      ? {}
      : {
          resourceClaims: input.resourceClaims.map((claim) => ({
            ...claim,
            ...(claim.status?.reservedFor === undefined
              ? {}
              : {
                  status: {
                    ...claim.status,
                    reservedFor: claim.status.reservedFor.map((one) => ({ ...one, resource: 'pods' })),
                  },
                }),
          })),
        }),
  };
}

const template = (labels: Readonly<Record<string, string>>): Json => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'registry.example/web:1' }] },
});

const controller = (one: SelectingController): SelectingController => ({
  ...one,
  spec: {
    ...one.spec,
    ...{ replicas: 0, template: template(one.spec?.selector?.matchLabels ?? { app: 'web' }) },
  },
});

/** Of two with the same key the first. */
function distinct<Value>(values: readonly Value[], keyOf: (value: Value) => string): readonly Value[] {
  const byKey = new Map<string, Value>();
  for (const value of values) if (!byKey.has(keyOf(value))) byKey.set(keyOf(value), value);
  return [...byKey.values()];
}

const acceptableNode = (node: Node): Node => ({
  ...node,
  spec: {
    ...node.spec,
    ...(node.spec?.taints === undefined
      ? {}
      : { taints: distinct(node.spec.taints, ({ key, effect }) => `${key} ${effect}`) }),
  },
});

function acceptableVolume(volume: PersistentVolume): PersistentVolume {
  const { csi, accessModes = [], volumeAttributesClassName, ...spec } = volume.spec;
  const modes = accessModes.includes('ReadWriteOncePod') ? ['ReadWriteOncePod'] : accessModes;
  return {
    ...volume,
    spec: {
      ...spec,
      accessModes: modes,
      ...(csi === undefined
        ? { hostPath: { path: `/mnt/${volume.metadata.name}` } }
        : { csi, ...(volumeAttributesClassName === undefined ? {} : { volumeAttributesClassName }) }),
    },
  };
}

/** What can't be divided has to be limited, and huge pages want other memory beside them. */
function acceptableContainer(container: Container): Container {
  const requests = container.resources?.requests;
  const ports = distinct(
    container.ports ?? [],
    ({ hostPort = 0, hostIP = '', protocol = '' }) => `${protocol} ${hostIP} ${String(hostPort)}`,
  ).map((port) => (port.hostIP === '' ? { ...port, hostIP: undefined } : port));
  return {
    ...container,
    ...(ports.length > 0 ? { ports: ports as Container['ports'] & object } : {}),
    ...(requests === undefined ? {} : { resources: withLimits(requests) }),
  };
}

function withLimits(requests: ResourceList): NonNullable<Container['resources']> {
  const limits = Object.fromEntries(
    Object.entries(requests).filter(([name]) => name.includes('/') || name.startsWith('hugepages-')),
  );
  const isHuge = Object.keys(limits).some((name) => name.startsWith('hugepages-'));
  return {
    requests: isHuge && !('memory' in requests) ? { ...requests, memory: '64Mi' } : requests,
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

function acceptableVolumeOfPod(volume: Volume): Volume {
  if (volume.iscsi !== undefined)
    return { ...volume, iscsi: { ...volume.iscsi, iqn: `iqn.2026-01.com.example:${volume.iscsi.iqn}` } };
  if (volume.ephemeral === undefined) return volume;
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } };
  return { ...volume, ephemeral: { volumeClaimTemplate: { spec } } };
}

function acceptablePod(pod: Pod): Pod {
  const { initContainers, topologySpreadConstraints, volumes, resources, ...spec } = pod.spec;
  const containers = spec.containers.map(acceptableContainer);
  return {
    ...pod,
    spec: {
      ...spec,
      containers,
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(acceptableContainer) }),
      ...(volumes === undefined ? {} : { volumes: volumes.map(acceptableVolumeOfPod) }),
      ...(topologySpreadConstraints === undefined
        ? {}
        : {
            topologySpreadConstraints: distinct(
              topologySpreadConstraints.map((constraint) => withoutSelectedKeys(constraint)),
              ({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`,
            ),
          }),
      ...(resources === undefined ? {} : { resources }),
    },
  };
}

/** A key may not both be selected and be taken from the pod. */
function withoutSelectedKeys(
  constraint: NonNullable<Pod['spec']['topologySpreadConstraints']>[number],
): NonNullable<Pod['spec']['topologySpreadConstraints']>[number] {
  const { matchLabelKeys, ...rest } = constraint;
  const { labelSelector } = constraint;
  const selected = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  const keys = labelSelector === undefined ? [] : (matchLabelKeys ?? []).filter((key) => !selected.has(key));
  return keys.length > 0 ? { ...rest, matchLabelKeys: keys } : rest;
}
