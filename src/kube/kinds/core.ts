import type { Instant } from '../../units/index.js';
import { isObject, membersOf, valueAt } from '../object.js';
import type { KubeObject } from '../object.js';
import { nodes as nodeCollection } from '../nodes.js';
import type { KubeNode } from '../node.js';
import { defineKind, objectCollection } from '../resource-type.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { ageColumn, column, elapsed, nameColumn, numberAt, textAt, wide } from '../table/index.js';
import { invalid, required } from '../api/status-error.js';
import { fill, member } from './pod-defaults.js';
import { labelsAt } from './workload-columns.js';

const sizeOf = (value: unknown): number => (isObject(value) ? Object.keys(value).length : 0);
const at = (object: KubeObject, path: string): unknown => valueAt(membersOf(object), path.split('.'));
const asText = (value: unknown, absent: string): string =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : absent;

export const namespaces = defineKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  schema: 'V1Namespace',
  nameRule: 'label',
  hasStatus: true,
  selectable: ['status.phase'],
  columns: [nameColumn, column('Status', textAt('status.phase')), ageColumn],
  applyDefaults: (draft) => {
    const metadata = member(draft, 'metadata');
    const name = metadata['name'];
    // The label by which policies select a namespace by its name.
    if (typeof name === 'string') member(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
  },
  prepareCreate: (draft) => {
    draft['spec'] = { finalizers: ['kubernetes'] };
    draft['status'] = { phase: 'Active' };
  },
});

const address = (type: string) => (object: KubeObject) =>
  (object as KubeNode).status.addresses.find((one) => one.type === type)?.address ?? '<none>';

function nodeStatus(object: KubeObject): string {
  const { status, spec } = object as KubeNode;
  const ready = status.conditions.find(({ type }) => type === 'Ready')?.status;
  const text = ready === 'True' ? 'Ready' : ready === undefined ? 'Unknown' : 'NotReady';
  return spec.unschedulable === true ? `${text},SchedulingDisabled` : text;
}

function nodeRoles({ metadata }: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix) && key.length > prefix.length) return [key.slice(prefix.length)];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return [...new Set(roles)].sort().join(',') || '<none>';
}

export const nodeKind = defineKind({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  schema: 'V1Node',
  collection: nodeCollection as unknown as ResourceType['collection'],
  hasStatus: true,
  selectable: ['spec.unschedulable'],
  columns: [
    nameColumn,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    ageColumn,
    column('Version', textAt('status.nodeInfo.kubeletVersion')),
    wide('Internal-IP', address('InternalIP')),
    wide('External-IP', address('ExternalIP')),
    wide('OS-Image', textAt('status.nodeInfo.osImage', '<unknown>')),
    wide('Kernel-Version', textAt('status.nodeInfo.kernelVersion', '<unknown>')),
    wide('Container-Runtime', textAt('status.nodeInfo.containerRuntimeVersion', '<unknown>')),
  ],
});

interface ServicePort {
  readonly port: number;
  readonly nodePort?: number;
  readonly protocol?: string;
}

const servicePorts = (object: KubeObject): string => {
  const ports = (at(object, 'spec.ports') ?? []) as readonly ServicePort[];
  const text = ports.map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort === undefined
      ? `${String(port)}/${protocol}`
      : `${String(port)}:${String(nodePort)}/${protocol}`,
  );
  return text.join(',') || '<none>';
};

function externalIp(object: KubeObject): string {
  const type = at(object, 'spec.type');
  if (type === 'ExternalName') return asText(at(object, 'spec.externalName'), '<none>');
  const ingress = (at(object, 'status.loadBalancer.ingress') ?? []) as readonly {
    ip?: string;
    hostname?: string;
  }[];
  const ips = [
    ...ingress.map(({ ip, hostname }) => ip ?? hostname ?? ''),
    ...((at(object, 'spec.externalIPs') ?? []) as readonly string[]),
  ];
  if (ips.length > 0) return ips.join(',');
  return type === 'LoadBalancer' ? '<pending>' : '<none>';
}

export const services = defineKind({
  collection: objectCollection('services', {
    /** Addresses in use, by cluster. */
    byClusterIp: ({ cluster, object }) => {
      const ip = at(object, 'spec.clusterIP');
      return typeof ip === 'string' && ip !== 'None' ? `${cluster}|${ip}` : undefined;
    },
  }),
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  schema: 'V1Service',
  nameRule: 'dns1035',
  hasStatus: true,
  selectable: ['spec.clusterIP', 'spec.type'],
  columns: [
    nameColumn,
    column('Type', textAt('spec.type')),
    column('Cluster-IP', textAt('spec.clusterIP')),
    column('External-IP', externalIp),
    column('Port(s)', servicePorts),
    ageColumn,
    wide('Selector', labelsAt('spec.selector')),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'type', 'ClusterIP');
    fill(spec, 'sessionAffinity', 'None');
    fill(spec, 'internalTrafficPolicy', 'Cluster');
    if (spec['type'] !== 'ClusterIP' && spec['type'] !== 'ExternalName')
      fill(spec, 'externalTrafficPolicy', 'Cluster');
    if (spec['type'] === 'LoadBalancer') fill(spec, 'allocateLoadBalancerNodePorts', true);
    for (const port of (spec['ports'] ?? []) as Draft[]) {
      fill(port, 'protocol', 'TCP');
      fill(port, 'targetPort', port['port']);
    }
    if (spec['type'] !== 'ExternalName') {
      fill(spec, 'ipFamilyPolicy', 'SingleStack');
      fill(spec, 'ipFamilies', ['IPv4']);
    }
  },
  prepareCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
  },
  validate: (object) => {
    const ports = (at(object, 'spec.ports') ?? []) as readonly ServicePort[];
    const type = at(object, 'spec.type');
    const headless = at(object, 'spec.clusterIP') === 'None';
    if (ports.length === 0 && type !== 'ExternalName' && !headless) return [required('spec.ports')];
    return ports.flatMap(({ port }, index) =>
      port >= 1 && port <= 65_535
        ? []
        : [invalid(`spec.ports[${String(index)}].port`, port, 'must be between 1 and 65535, inclusive')],
    );
  },
});

export const endpoints = defineKind({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  schema: 'V1Endpoints',
  columns: [
    nameColumn,
    column('Endpoints', (object) => {
      const subsets = (at(object, 'subsets') ?? []) as readonly {
        addresses?: readonly { ip: string }[];
        ports?: readonly { port: number }[];
      }[];
      const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
        addresses.flatMap(({ ip }) =>
          ports.length === 0 ? [ip] : ports.map(({ port }) => `${ip}:${String(port)}`),
        ),
      );
      if (all.length <= 3) return all.join(',') || '<none>';
      return `${all.slice(0, 3).join(',')} + ${String(all.length - 3)} more...`;
    }),
    ageColumn,
  ],
});

export const configMaps = defineKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  schema: 'V1ConfigMap',
  columns: [
    nameColumn,
    column('Data', (object) => sizeOf(at(object, 'data')) + sizeOf(at(object, 'binaryData')), 'integer'),
    ageColumn,
  ],
  validate: (object, before) => immutableData(object, before),
});

/** A ConfigMap or Secret that was made immutable stays as it is. */
const immutableData = (object: KubeObject, before: KubeObject | undefined) => {
  if (!before || at(before, 'immutable') !== true) return [];
  const same = ['data', 'binaryData', 'immutable'].every(
    (name) => JSON.stringify(at(object, name)) === JSON.stringify(at(before, name)),
  );
  return same
    ? []
    : [{ type: 'forbidden' as const, field: 'data', detail: 'field is immutable when `immutable` is set' }];
};

export const secrets = defineKind({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  schema: 'V1Secret',
  selectable: ['type'],
  columns: [
    nameColumn,
    column('Type', textAt('type')),
    column('Data', (object) => sizeOf(at(object, 'data')), 'integer'),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    fill(draft, 'type', 'Opaque');
    const { stringData } = draft;
    if (!isObject(stringData)) return;
    const data = member(draft, 'data');
    for (const [key, text] of Object.entries(stringData))
      data[key] = Buffer.from(String(text)).toString('base64');
    delete draft['stringData'];
  },
  validate: (object, before) => immutableData(object, before),
});

export const serviceAccounts = defineKind({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  schema: 'V1ServiceAccount',
  subresources: [
    { name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] },
  ],
  columns: [
    nameColumn,
    column('Secrets', (object) => ((at(object, 'secrets') ?? []) as unknown[]).length, 'integer'),
    ageColumn,
  ],
});

const accessModes =
  (path: string) =>
  (object: KubeObject): string => {
    const short: Readonly<Record<string, string>> = {
      ReadWriteOnce: 'RWO',
      ReadOnlyMany: 'ROX',
      ReadWriteMany: 'RWX',
      ReadWriteOncePod: 'RWOP',
    };
    return ((at(object, path) ?? []) as readonly string[]).map((mode) => short[mode] ?? mode).join(',');
  };

export const persistentVolumes = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  schema: 'V1PersistentVolume',
  hasStatus: true,
  columns: [
    nameColumn,
    column('Capacity', textAt('spec.capacity.storage', '')),
    column('Access Modes', accessModes('spec.accessModes')),
    column('Reclaim Policy', textAt('spec.persistentVolumeReclaimPolicy', '')),
    column('Status', textAt('status.phase', '')),
    column('Claim', (object) => {
      const name = at(object, 'spec.claimRef.name');
      return name === undefined
        ? ''
        : `${asText(at(object, 'spec.claimRef.namespace'), '')}/${asText(name, '')}`;
    }),
    column('StorageClass', textAt('spec.storageClassName', '')),
    column('VolumeAttributesClass', textAt('spec.volumeAttributesClassName', '<unset>')),
    column('Reason', textAt('status.reason', '')),
    ageColumn,
    wide('VolumeMode', textAt('spec.volumeMode', '<unset>')),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    fill(spec, 'volumeMode', 'Filesystem');
  },
  prepareCreate: (draft) => {
    draft['status'] = { phase: 'Pending' };
  },
});

export const persistentVolumeClaims = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  schema: 'V1PersistentVolumeClaim',
  hasStatus: true,
  columns: [
    nameColumn,
    column('Status', textAt('status.phase', '')),
    column('Volume', textAt('spec.volumeName', '')),
    column('Capacity', textAt('status.capacity.storage', '')),
    column('Access Modes', accessModes('status.accessModes')),
    column('StorageClass', textAt('spec.storageClassName', '')),
    column('VolumeAttributesClass', textAt('spec.volumeAttributesClassName', '<unset>')),
    ageColumn,
    wide('VolumeMode', textAt('spec.volumeMode', '<unset>')),
  ],
  applyDefaults: (draft) => fill(member(draft, 'spec'), 'volumeMode', 'Filesystem'),
  prepareCreate: (draft) => {
    draft['status'] = { phase: 'Pending' };
  },
});

const eventTime = (object: KubeObject, ...paths: string[]): string | undefined => {
  for (const path of paths) {
    const value = at(object, path);
    if (typeof value === 'string') return value;
  }
  return undefined;
};
const firstSeen = (object: KubeObject) => eventTime(object, 'firstTimestamp', 'eventTime');
const lastSeen = (object: KubeObject, now: Instant): string => {
  const last = elapsed(eventTime(object, 'series.lastObservedTime', 'lastTimestamp', 'eventTime'), now);
  const count = Number(at(object, 'series.count') ?? at(object, 'count') ?? 1);
  return count > 1 ? `${last} (x${String(count)} over ${elapsed(firstSeen(object), now)})` : last;
};

/** Term of the events' `byHour`: the hour they were last seen in, counted from the epoch. */
export const hourTerm = (cluster: string, hour: number): string => `${cluster}|${String(hour)}`;
/** Term of the events' `bySource`: what a component says about an object. */
export const sourceTerm = (cluster: string, uid: string, component: string): string =>
  `${cluster}|${uid}|${component}`;

export const events = defineKind({
  collection: objectCollection('events', {
    byHour: ({ cluster, object }) => {
      const last = at(object, 'lastTimestamp');
      return typeof last === 'string'
        ? hourTerm(cluster, Math.floor(Date.parse(last) / 3_600_000))
        : undefined;
    },
    bySource: ({ cluster, object }) =>
      sourceTerm(
        cluster,
        asText(at(object, 'involvedObject.uid'), ''),
        asText(at(object, 'source.component'), ''),
      ),
  }),
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  schema: 'CoreV1Event',
  selectable: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (name) => `involvedObject.${name}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  columns: [
    column('Last Seen', lastSeen),
    column('Type', textAt('type', '')),
    column('Reason', textAt('reason', '')),
    column('Object', (object) => {
      const kind = asText(at(object, 'involvedObject.kind'), '').toLowerCase();
      return `${kind}/${asText(at(object, 'involvedObject.name'), '')}`;
    }),
    wide('Subobject', textAt('involvedObject.fieldPath', '')),
    wide('Source', (object) => {
      const component = asText(at(object, 'source.component') ?? at(object, 'reportingComponent'), '');
      const host = asText(at(object, 'source.host'), '');
      return host === '' ? component : `${component}, ${host}`;
    }),
    column('Message', (object) => asText(at(object, 'message'), '').trim()),
    wide('First Seen', (object, now) => elapsed(firstSeen(object), now)),
    wide('Count', numberAt('count')),
    wide('Name', ({ metadata }) => metadata.name),
  ],
});

export const limitRanges = defineKind({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  schema: 'V1LimitRange',
  columns: [nameColumn, column('Created At', ({ metadata }) => metadata.creationTimestamp)],
});

export const resourceQuotas = defineKind({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  schema: 'V1ResourceQuota',
  hasStatus: true,
  columns: [
    nameColumn,
    column(
      'Request',
      quotaText((name) => !name.startsWith('limits.')),
    ),
    column(
      'Limit',
      quotaText((name) => name.startsWith('limits.')),
    ),
    ageColumn,
  ],
});

function quotaText(shown: (name: string) => boolean) {
  return (object: KubeObject): string => {
    const hard = at(object, 'status.hard');
    const names = isObject(hard) ? Object.keys(hard).filter(shown).sort() : [];
    const amount = (kind: string, name: string) =>
      asText(valueAt(membersOf(object), ['status', kind, name]), '0');
    return names.map((name) => `${name}: ${amount('used', name)}/${amount('hard', name)}`).join(', ');
  };
}

export const podTemplates = defineKind({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  schema: 'V1PodTemplate',
  columns: [nameColumn, column('Pod Labels', labelsAt('template.metadata.labels')), ageColumn],
});
