import type { KubeObject } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import type { Draft } from '../../resource-type.js';
import { member } from '../defaulting.js';
import { proxy } from '../proxy.js';
import { podColumns } from './columns.js';
import { defaultPod, defaultPodSpec } from './defaults.js';
import { podIndexes } from './indexes.js';
import { podWarnings } from './warnings.js';
import { podErrors, podStatusErrors } from './validation/index.js';
import { isFinished } from './pod.js';
import type { StoredPod } from './life.js';
import type { Pod, PodSpec } from './pod.js';
import { ephemeralContainers, resize } from './parts.js';
import { qosClassOf } from './qos-class.js';

const collection = objectCollection<StoredPod>('pods', podIndexes);

function prepareCreate(draft: Draft): void {
  const spec = draft['spec'] as PodSpec;
  const isGated = (spec.schedulingGates ?? []).length > 0;
  draft['status'] = {
    phase: 'Pending',
    ...(isGated && { conditions: [gated] }),
    qosClass: qosClassOf(spec),
  };
}

/** What the API server itself says of a pod that no scheduler may look at yet. */
const gated = {
  type: 'PodScheduled',
  status: 'False',
  observedGeneration: 1,
  lastProbeTime: null,
  lastTransitionTime: null,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
};

/** A pod on a node gets its grace; one that never reached a node, or has ended, goes at once. */
function deletionGrace(object: KubeObject): number {
  const pod = object as Pod;
  if (!pod.spec.nodeName || isFinished(pod)) return 0;
  const grace = pod.spec.terminationGracePeriodSeconds ?? 30;
  return grace < 0 ? 1 : grace;
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
    { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
    connect('exec', 'PodExecOptions'),
    { name: 'log', group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
    connect('portforward', 'PodPortForwardOptions'),
    proxy('PodProxyOptions'),
  ],
  parts: [ephemeralContainers, resize],
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
    defaultPod(spec);
  },
  prepareCreate,
  validate: podErrors,
  validateStatus: podStatusErrors,
  warnings: podWarnings,
  deletionGrace,
});
