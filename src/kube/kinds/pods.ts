import { milliValue } from '../../units/index.js';
import type { KubeObject, Stored } from '../object.js';
import { defineKind, objectCollection } from '../resource-type.js';
import type { Draft } from '../resource-type.js';
import { defaultPodSpec, member } from './pod-defaults.js';
import { podColumns } from './pod-columns.js';
import { podErrors } from './pod-validation.js';
import { isFinished } from './pod.js';
import type { Pod, PodSpec } from './pod.js';

/** Term of the pods' `byNode`. */
export const nodeTerm = (cluster: string, node: string): string => `${cluster}|${node}`;

const collection = objectCollection<Stored<Pod>>('pods', {
  byNode: ({ cluster, object }) =>
    object.spec.nodeName ? nodeTerm(cluster, object.spec.nodeName) : undefined,
  byAddress: ({ cluster, object }) =>
    object.status?.podIP === undefined ? undefined : `${cluster}|${object.status.podIP}`,
  /** Pods that wait for a scheduler. */
  unscheduled: ({ cluster, object }) => (object.spec.nodeName || isFinished(object) ? undefined : cluster),
});

/** Quality of service by requests and limits (Kubernetes: pod QoS classes). */
export function qosClassOf(spec: PodSpec): string {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const amounts = all.map(({ resources }) =>
    ['cpu', 'memory'].map((name) => ({
      request: milliValue(resources?.requests?.[name] ?? '0'),
      limit: milliValue(resources?.limits?.[name] ?? '0'),
    })),
  );
  if (amounts.every((pair) => pair.every(({ request, limit }) => request === 0 && limit === 0)))
    return 'BestEffort';
  const guaranteed = amounts.every((pair) =>
    pair.every(({ request, limit }) => limit > 0 && request === limit),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function prepareCreate(draft: Draft): void {
  draft['status'] = { phase: 'Pending', qosClass: qosClassOf(draft['spec'] as PodSpec) };
}

/** A pod on a node gets its grace; one that never reached a node, or has ended, goes at once. */
function deletionGrace(object: KubeObject): number {
  const pod = object as Pod;
  if (!pod.spec.nodeName || isFinished(pod)) return 0;
  return pod.spec.terminationGracePeriodSeconds ?? 30;
}

const connect = (name: string, kind: string) => ({
  name,
  group: '',
  version: 'v1',
  kind,
  verbs: ['create', 'get'],
});

export const pods = defineKind({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  schema: 'V1Pod',
  collection,
  hasStatus: true,
  tracksGeneration: true,
  subresources: [
    connect('attach', 'PodAttachOptions'),
    { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
    { name: 'ephemeralcontainers', group: '', version: 'v1', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
    { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
    connect('exec', 'PodExecOptions'),
    { name: 'log', group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
    connect('portforward', 'PodPortForwardOptions'),
  ],
  selectable: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  columns: podColumns,
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    defaultPodSpec(spec);
    spec['enableServiceLinks'] ??= true;
  },
  prepareCreate,
  validate: podErrors,
  deletionGrace,
});
