import { invalid, required } from '../../api/status-error.js';
import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import type { Draft } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt, wide } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { labelsAt } from '../workload-columns.js';
import { asText } from './group.js';

interface ServicePort {
  readonly port: number;
  readonly nodePort?: number;
  readonly protocol?: string;
}

const servicePorts = (object: KubeObject): string => {
  const ports = (fieldAt(object, 'spec.ports') ?? []) as readonly ServicePort[];
  const text = ports.map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort === undefined
      ? `${String(port)}/${protocol}`
      : `${String(port)}:${String(nodePort)}/${protocol}`,
  );
  return text.join(',') || '<none>';
};

function externalIp(object: KubeObject): string {
  const type = fieldAt(object, 'spec.type');
  if (type === 'ExternalName') return asText(fieldAt(object, 'spec.externalName'), '<none>');
  const ingress = (fieldAt(object, 'status.loadBalancer.ingress') ?? []) as readonly {
    ip?: string;
    hostname?: string;
  }[];
  const ips = [
    ...ingress.map(({ ip, hostname }) => ip ?? hostname ?? ''),
    ...((fieldAt(object, 'spec.externalIPs') ?? []) as readonly string[]),
  ];
  if (ips.length > 0) return ips.join(',');
  return type === 'LoadBalancer' ? '<pending>' : '<none>';
}

export const services = defineKind({
  collection: objectCollection('services', {
    /** Addresses in use, by cluster. */
    byClusterIp: ({ cluster, object }) => {
      const ip = fieldAt(object, 'spec.clusterIP');
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
    const ports = (fieldAt(object, 'spec.ports') ?? []) as readonly ServicePort[];
    const type = fieldAt(object, 'spec.type');
    const headless = fieldAt(object, 'spec.clusterIP') === 'None';
    if (ports.length === 0 && type !== 'ExternalName' && !headless) return [required('spec.ports')];
    return ports.flatMap(({ port }, index) =>
      port >= 1 && port <= 65_535
        ? []
        : [invalid(`spec.ports[${String(index)}].port`, port, 'must be between 1 and 65535, inclusive')],
    );
  },
});
