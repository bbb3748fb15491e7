import { describe, expect, test } from 'vitest';
import { checking } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { controllerRevisions } from './controller-revision.js';
import { daemonSets } from './daemon-set.js';
import { deployments } from './deployment.js';
import { replicaSets } from './replica-set.js';
import { statefulSets } from './stateful-set.js';

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', image: 'app:1' }] },
};
const sound = { spec: { selector: { matchLabels: { app: 'web' } }, template } };
const kinds = {
  deployment: checking(deployments, sound),
  replicaSet: checking(replicaSets, sound),
  daemonSet: checking(daemonSets, sound),
  statefulSet: checking(statefulSets, sound),
  revision: checking(controllerRevisions, { data: {}, revision: 1 }),
} as const;
type Kind = keyof typeof kinds;

const spec = (change: Change): Change => ({ spec: change });
const podSpec = (change: Change): Change => spec({ template: { spec: change } });
const strategy = (change: Change): Change => spec({ strategy: change });
const rolling = (change: Change): Change => strategy({ rollingUpdate: change });
const update = (change: Change): Change => spec({ updateStrategy: change });
const noLabels = 'spec.template.metadata.labels: Invalid value';
const mismatch = '`selector` does not match template `labels`';
const percent =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

describe('a workload with', () => {
  test.each<readonly [Kind, string, Change, readonly string[]]>([
    ['deployment', 'nothing wrong', {}, []],
    ['replicaSet', 'nothing wrong', {}, []],
    ['daemonSet', 'nothing wrong', {}, []],
    ['statefulSet', 'nothing wrong', {}, []],
    [
      'deployment',
      'no selector',
      spec({ selector: null }),
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'deployment',
      'an unknown operator',
      spec({ selector: { matchExpressions: [{ key: 'app', operator: 'Near' }] } }),
      [
        'spec.selector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
        'spec.selector: Invalid value: {"matchLabels":{"app":"web"},"matchExpressions":[{"key":"app","operator":"Near"}]}: invalid label selector',
      ],
    ],
    [
      'statefulSet',
      'a claim that asks for nothing',
      spec({ volumeClaimTemplates: [{ metadata: { name: 'data' } }] }),
      [
        'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
        'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
      ],
    ],
    [
      'deployment',
      'an empty selector',
      spec({ selector: { matchLabels: null } }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'replicaSet',
      'an empty selector',
      spec({ selector: { matchLabels: null } }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'statefulSet',
      'an empty selector',
      spec({ selector: { matchLabels: null } }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset'],
    ],
    [
      'daemonSet',
      'an empty selector',
      spec({ selector: { matchLabels: null } }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset'],
    ],
    [
      'deployment',
      'other labels',
      spec({ template: { metadata: { labels: { app: 'db' } } } }),
      [`${noLabels}: {"app":"db"}: ${mismatch}`],
    ],
    [
      'daemonSet',
      'other labels',
      spec({ template: { metadata: { labels: { app: 'db' } } } }),
      [`${noLabels}: {"app":"db"}: ${mismatch}`],
    ],
    ['deployment', 'no labels', spec({ template: { metadata: null } }), [`${noLabels}: null: ${mismatch}`]],
    [
      'deployment',
      'less than no pods',
      spec({ replicas: -1 }),
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'deployment',
      'a negative history',
      spec({ revisionHistoryLimit: -1 }),
      ['spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'deployment',
      'pods that end',
      podSpec({ restartPolicy: 'Never' }),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'deployment',
      'pods with a deadline',
      podSpec({ activeDeadlineSeconds: 1 }),
      [
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
      ],
    ],
    [
      'daemonSet',
      'pods with a deadline',
      podSpec({ activeDeadlineSeconds: 1 }),
      [
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported',
      ],
    ],
    [
      'deployment',
      'no containers',
      podSpec({ containers: [] }),
      ['spec.template.spec.containers: Required value'],
    ],
    [
      'deployment',
      'an ephemeral container',
      podSpec({ ephemeralContainers: [{ name: 'd', image: 'd' }] }),
      ['spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template'],
    ],
    [
      'deployment',
      'spaces around an image, which only pods mind',
      podSpec({ containers: [{ name: 'app', image: ' app' }] }),
      [],
    ],
    [
      'deployment',
      'no deadline of progress',
      spec({ progressDeadlineSeconds: 5, minReadySeconds: 5 }),
      ['spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds'],
    ],
    [
      'deployment',
      'an unknown strategy',
      strategy({ type: 'BlueGreen' }),
      [
        'spec.strategy: Unsupported value: {"type":"BlueGreen"}: supported values: "Recreate", "RollingUpdate"',
      ],
    ],
    [
      'deployment',
      'two strategies',
      strategy({ type: 'Recreate', rollingUpdate: {} }),
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
    [
      'deployment',
      'no room to roll',
      rolling({ maxSurge: 0, maxUnavailable: '0%' }),
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
    ],
    [
      'deployment',
      'more than all',
      rolling({ maxUnavailable: '101%' }),
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    ],
    [
      'deployment',
      'a bad percentage',
      rolling({ maxSurge: 'half' }),
      [`spec.strategy.rollingUpdate.maxSurge: Invalid value: "half": ${percent}`],
    ],
    [
      'deployment',
      'a negative surge',
      rolling({ maxSurge: -1 }),
      ['spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'daemonSet',
      'an unknown strategy',
      update({ type: 'Recreate' }),
      [
        'spec.updateStrategy: Unsupported value: {"type":"Recreate"}: supported values: "RollingUpdate", "OnDelete"',
      ],
    ],
    [
      'daemonSet',
      'both ways to roll',
      update({ rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }),
      [
        'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
      ],
    ],
    [
      'daemonSet',
      'no way to roll',
      update({ rollingUpdate: { maxUnavailable: 0 } }),
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'statefulSet',
      'an order of pods',
      spec({ podManagementPolicy: 'Random' }),
      ["spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'"],
    ],
    [
      'statefulSet',
      'an unknown strategy',
      update({ type: 'Recreate' }),
      ['spec.updateStrategy: Invalid value: {"type":"Recreate"}: must be \'RollingUpdate\' or \'OnDelete\''],
    ],
    [
      'statefulSet',
      'a partition by hand',
      update({ type: 'OnDelete', rollingUpdate: { partition: 1 } }),
      [
        'spec.updateStrategy.rollingUpdate: Invalid value: {"partition":1}: only allowed for updateStrategy \'RollingUpdate\'',
      ],
    ],
    [
      'statefulSet',
      'a negative partition',
      update({ rollingUpdate: { partition: -1 } }),
      ['spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'statefulSet',
      'claims that are kept for ever and ever',
      spec({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Keep' } }),
      [
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", "Delete"',
      ],
    ],
    [
      'statefulSet',
      'a mount of its claim',
      {
        spec: {
          volumeClaimTemplates: [claim],
          template: {
            spec: {
              containers: [{ name: 'app', image: 'a', volumeMounts: [{ name: 'data', mountPath: '/d' }] }],
            },
          },
        },
      },
      [],
    ],
    ['revision', 'nothing wrong', {}, []],
    ['revision', 'no data', { data: null }, ['data: Required value: data is mandatory']],
    [
      'revision',
      'a negative number',
      { revision: -1 },
      ['revision: Invalid value: -1: must be greater than or equal to 0'],
    ],
  ])('%s: %s', (kind, _, change, faults) => expect(kinds[kind].faults(change)).toEqual(faults));
});

describe('a workload that exists may change', () => {
  const labels = { app: 'web', tier: 'a' };
  const selector = spec({ selector: { matchLabels: labels }, template: { metadata: { labels } } });
  const immutable =
    'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"a"}}: field is immutable';
  const fixed =
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  test.each<readonly [Kind, string, Change, readonly string[]]>([
    ['deployment', 'its pods', podSpec({ nodeSelector: { a: 'b' } }), []],
    ['deployment', 'its selector', selector, [immutable]],
    ['replicaSet', 'its selector', selector, [immutable]],
    ['daemonSet', 'its selector', selector, [immutable]],
    ['statefulSet', 'its selector', selector, [fixed]],
    ['statefulSet', 'its service', spec({ serviceName: 'other' }), [fixed]],
    ['statefulSet', 'its claims', spec({ volumeClaimTemplates: [claim] }), [fixed]],
    ['statefulSet', 'its replicas', spec({ replicas: 3 }), []],
    ['statefulSet', 'its history', spec({ revisionHistoryLimit: 3 }), []],
    ['revision', 'its data', { data: { a: 1 } }, ['data: Invalid value: {"a":1}: field is immutable']],
  ])('%s: %s', (kind, _, change, faults) => expect(kinds[kind].changeFaults({}, change)).toEqual(faults));
});

test('odd pods of a template are warned of with its path', () =>
  expect(
    kinds.deployment.warnings(podSpec({ nodeSelector: { 'beta.kubernetes.io/arch': 'amd64' } })),
  ).toEqual([
    'spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead',
  ]));
