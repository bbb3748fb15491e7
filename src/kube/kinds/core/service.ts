import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import type { Draft } from '../../resource-type.js';
import { selectorTerm } from '../../selectors/index.js';
import type { Labels } from '../../selectors/index.js';
import { ageColumn, column, nameColumn, textAt, wide } from '../../table/index.js';
import { fill, member, objectsOf } from '../defaulting.js';
import { proxy } from '../proxy.js';
import { labelsAt, loadBalancerText } from '../workload-columns.js';
import { prepareServiceUpdate } from './service-update.js';
import { isReachable, serviceErrors, serviceWarnings } from './service-validation.js';
import type { Service, ServicePort, ServiceSpec } from './service-validation.js';

const servicePorts = (object: KubeObject): string => {
  const ports: readonly ServicePort[] = (object as Service).spec?.ports ?? [];
  const text = ports.map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort === undefined || nodePort === 0
      ? `${String(port)}/${protocol}`
      : `${String(port)}:${String(nodePort)}/${protocol}`,
  );
  return text.join(',') || '<none>';
};

function externalIp(object: KubeObject): string {
  const { type, externalName, externalIPs = [] } = (object as Service).spec ?? {};
  if (type === 'ExternalName') return externalName ?? '';
  const balanced = type === 'LoadBalancer' ? loadBalancerText(object) : '';
  const all = [...(balanced === '' ? [] : [balanced]), ...externalIPs].join(',');
  return all || (type === 'LoadBalancer' ? '<pending>' : '<none>');
}

/** Fills what a service leaves out (core/v1 defaults). */
function defaultService(draft: Draft): void {
  const spec = member(draft, 'spec');
  fill(spec, 'type', 'ClusterIP');
  fill(spec, 'sessionAffinity', 'None');
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] === 'ClientIP')
    fill(member(member(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', 10_800);
  for (const port of objectsOf(spec['ports'])) {
    fill(port, 'protocol', 'TCP');
    const target = port['targetPort'];
    if (target === undefined || target === 0 || target === '') port['targetPort'] = port['port'];
  }
  if (isReachable(spec as ServiceSpec)) fill(spec, 'externalTrafficPolicy', 'Cluster');
  if (spec['type'] === 'LoadBalancer') fill(spec, 'allocateLoadBalancerNodePorts', true);
  if (spec['type'] === 'ExternalName') return;
  fill(spec, 'internalTrafficPolicy', 'Cluster');
}

/** The families of a service's addresses, which are IPv4 here; headless ones that select nothing may be of any. */
function fillFamilies(draft: Draft): void {
  const spec = member(draft, 'spec');
  if (spec['type'] === 'ExternalName') return;
  const isFree = spec['clusterIP'] === 'None' && spec['selector'] === undefined;
  fill(spec, 'ipFamilyPolicy', isFree ? 'RequireDualStack' : 'SingleStack');
  fill(spec, 'ipFamilies', isFree ? ['IPv4', 'IPv6'] : ['IPv4']);
}

export const services = defineKind({
  collection: objectCollection('services', {
    /** By which pods find the services they may be behind. */
    bySelector: (stored) => {
      const matchLabels = fieldAt(stored.object, 'spec.selector') as Labels | undefined;
      const isEmpty = matchLabels === undefined || Object.keys(matchLabels).length === 0;
      return isEmpty ? undefined : selectorTerm(stored, { matchLabels });
    },
    /** Addresses from outside, by cluster. */
    byIngress: ({ cluster, object }) => {
      const ingress = (fieldAt(object, 'status.loadBalancer.ingress') ?? []) as readonly { ip?: string }[];
      return ingress.flatMap(({ ip }) => (ip === undefined ? [] : [`${cluster}|${ip}`]));
    },
    /** Addresses in use, by cluster. */
    byClusterIp: ({ cluster, object }) => {
      const ip = fieldAt(object, 'spec.clusterIP');
      return typeof ip === 'string' && ip !== 'None' ? `${cluster}|${ip}` : undefined;
    },
    /** Ports of nodes in use, by cluster. */
    byNodePort: ({ cluster, object }) =>
      ((object as Service).spec?.ports ?? []).flatMap(({ nodePort }) =>
        nodePort ? [`${cluster}|${String(nodePort)}`] : [],
      ),
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
  subresources: [proxy('ServiceProxyOptions')],
  selectable: ['spec.clusterIP', 'spec.type'],
  columns: [
    nameColumn,
    column('Type', textAt('spec.type')),
    column('Cluster-IP', (object) => (object as Service).spec?.clusterIPs?.[0] ?? '<none>'),
    column('External-IP', externalIp),
    column('Port(s)', servicePorts),
    ageColumn,
    wide('Selector', labelsAt('spec.selector')),
  ],
  applyDefaults: defaultService,
  prepareCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
    fillFamilies(draft);
  },
  prepareUpdate: (draft, before) => {
    prepareServiceUpdate(draft, before);
    fillFamilies(draft);
  },
  validate: serviceErrors,
  warnings: serviceWarnings,
});
