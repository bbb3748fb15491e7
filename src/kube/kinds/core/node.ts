import { withHeartbeats } from '../../nodes/heartbeats.js';
import { nodeCondition } from '../../nodes/node.js';
import type { KubeNode } from '../../nodes/node.js';
import { nodes as nodeCollection } from '../../nodes/nodes.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import type { Draft, ResourceType } from '../../resource-type.js';
import { fill } from '../defaulting.js';
import { proxy } from '../proxy.js';
import { ageColumn, column, nameColumn, textAt, wide } from '../../table/index.js';
import { nodeErrors, nodeStatusErrors } from './node-validation.js';

const address = (type: string) => (object: KubeObject) =>
  (object as KubeNode).status.addresses?.find((one) => one.type === type)?.address ?? '<none>';

function nodeStatus(object: KubeObject): string {
  const { spec } = object as KubeNode;
  const ready = nodeCondition(object as KubeNode, 'Ready')?.status;
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

/** What a node tells of itself: always there, empty until its kubelet has (core/v1 NodeSystemInfo). */
const nodeInfo = [
  'architecture',
  'bootID',
  'containerRuntimeVersion',
  'kernelVersion',
  'kubeProxyVersion',
  'kubeletVersion',
  'machineID',
  'operatingSystem',
  'osImage',
  'systemUUID',
];

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
  present: withHeartbeats,
  subresources: [proxy('NodeProxyOptions')],
  selectable: ['spec.unschedulable'],
  columns: [
    nameColumn,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    ageColumn,
    column('Version', textAt('status.nodeInfo.kubeletVersion', '')),
    wide('Internal-IP', address('InternalIP')),
    wide('External-IP', address('ExternalIP')),
    wide('OS-Image', textAt('status.nodeInfo.osImage', '<unknown>')),
    wide('Kernel-Version', textAt('status.nodeInfo.kernelVersion', '<unknown>')),
    wide('Container-Runtime', textAt('status.nodeInfo.containerRuntimeVersion', '<unknown>')),
  ],
  prepareCreate: (draft) => {
    const status = (draft['status'] ??= {}) as Draft;
    if (status['capacity'] !== undefined) status['allocatable'] ??= status['capacity'];
    fill(status, 'daemonEndpoints', { kubeletEndpoint: { Port: 0 } });
    fill(status, 'nodeInfo', Object.fromEntries(nodeInfo.map((name) => [name, ''])));
  },
  validate: nodeErrors,
  validateStatus: nodeStatusErrors,
});
