import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../../fixtures.js';
import type { PodSpec } from '../../kinds/index.js';
import { violationsText } from './standards.js';

const spec = (members: object = {}, security: object = {}): PodSpec =>
  ({ containers: [{ name: 'c', image: 'i', securityContext: security }], ...members }) as PodSpec;
const two = (security: object): PodSpec =>
  spec({ containers: ['a', 'b'].map((name) => ({ name, image: 'i', securityContext: security })) });

test.each<[what: string, PodSpec, text: string]>([
  ['an ordinary pod', spec(), ''],
  [
    'a privileged container',
    spec({}, { privileged: true }),
    'privileged (container "c" must not set securityContext.privileged=true)',
  ],
  [
    'two of them',
    two({ privileged: true }),
    'privileged (containers "a", "b" must not set securityContext.privileged=true)',
  ],
  ['default capabilities', spec({}, { capabilities: { add: ['CHOWN'] } }), ''],
  [
    'other capabilities',
    spec({}, { capabilities: { add: ['NET_ADMIN'] } }),
    'non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    'namespaces of the host',
    spec({ hostNetwork: true, hostIPC: true }),
    'host namespaces (hostNetwork=true, hostIPC=true)',
  ],
  [
    'paths of the host',
    spec({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    'hostPath volumes (volume "v")',
  ],
  [
    'ports of the host',
    spec({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 80 }] }] }),
    'hostPort (container "c" uses hostPort 80)',
  ],
  [
    'all of /proc',
    spec({}, { procMount: 'Unmasked' }),
    'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
  ],
  [
    'another SELinux type',
    spec({ securityContext: { seLinuxOptions: { type: 'spc_t', user: 'u' } } }),
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)',
  ],
  [
    'no seccomp',
    spec(
      { securityContext: { seccompProfile: { type: 'Unconfined' } } },
      { seccompProfile: { type: 'Unconfined' } },
    ),
    'seccompProfile (pod and container "c" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    'no AppArmor',
    spec({}, { appArmorProfile: { type: 'Unconfined' } }),
    'forbidden AppArmor profile (container "c" must not set AppArmor profile type to "Unconfined")',
  ],
  [
    'sysctls',
    spec({ securityContext: { sysctls: [{ name: 'kernel.msgmax' }, { name: 'net.ipv4.tcp_syncookies' }] } }),
    'forbidden sysctls (kernel.msgmax)',
  ],
  [
    'processes of a Windows host',
    spec({}, { windowsOptions: { hostProcess: true } }),
    'hostProcess (container "c" must not set securityContext.windowsOptions.hostProcess=true)',
  ],
  [
    'several',
    spec({ hostPID: true }, { privileged: true }),
    'host namespaces (hostPID=true), privileged (container "c" must not set securityContext.privileged=true)',
  ],
])('the baseline has, against %s', (_, of, text) => expect(violationsText('baseline', of)).toBe(text));

const good = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const but = (security: object, members: object = {}) => spec(members, { ...good, ...security });

test.each<[what: string, PodSpec, text: string]>([
  ['a good pod', but({}), ''],
  [
    'a pod that says nothing',
    spec(),
    'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    'a pod that says it for its containers',
    spec(
      { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Localhost' } } },
      { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
    ),
    '',
  ],
  [
    'added capabilities',
    but({ capabilities: { drop: ['ALL'], add: ['CHOWN'] } }),
    'unrestricted capabilities (container "c" must not include "CHOWN" in securityContext.capabilities.add)',
  ],
  [
    'other volumes',
    but(
      {},
      {
        volumes: [
          { name: 'v', hostPath: { path: '/' } },
          { name: 'w', emptyDir: {} },
        ],
      },
    ),
    'restricted volume types (volume "v" uses restricted volume type "hostPath")',
  ],
  [
    'a container as root',
    but({ runAsNonRoot: false }),
    'runAsNonRoot != true (container "c" must not set securityContext.runAsNonRoot=false)',
  ],
  [
    'the user of root',
    but({ runAsUser: 0 }, { securityContext: { runAsUser: 0 } }),
    'runAsUser=0 (pod and container "c" must not set runAsUser=0)',
  ],
  [
    'no seccomp',
    but({ seccompProfile: { type: 'Unconfined' } }),
    'seccompProfile (container "c" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  ['a Windows pod', spec({ os: { name: 'windows' } }, { runAsNonRoot: true }), ''],
  [
    'what the baseline refuses, first',
    but({ privileged: true, allowPrivilegeEscalation: true }),
    'privileged (container "c" must not set securityContext.privileged=true), allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false)',
  ],
])('the restricted level has, against %s', (_, of, text) =>
  expect(violationsText('restricted', of)).toBe(text),
);

describe('a namespace', () => {
  let cluster: TestCluster;
  const label = (labels: Record<string, string>) =>
    cluster.patch('namespaces', 'default', { metadata: { labels } });
  const pod = {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] },
  };
  const violation = 'privileged (container "c" must not set securityContext.privileged=true)';

  beforeEach(() => {
    cluster = new TestCluster();
  });

  test('refuses pods against what it enforces', () => {
    label({
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/enforce-version': 'v1.30',
    });
    expect(refusal(() => cluster.create('pods', pod))).toBe(
      `403 pods "p" is forbidden: violates PodSecurity "baseline:v1.30": ${violation}`,
    );
  });

  test('warns of pods and workloads against what it wants to be told of', () => {
    label({ 'pod-security.kubernetes.io/warn': 'baseline' });
    const text = `would violate PodSecurity "baseline:latest": ${violation}`;
    expect(cluster.write('pods', pod).warnings).toEqual([text]);
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: pod.spec };
    const made = { metadata: { name: 'web' }, spec: { selector: { matchLabels: labels }, template } };
    expect(cluster.write('deployments', made).warnings).toEqual([text]);
  });

  test('has levels that there are', () => {
    expect(refusal(() => label({ 'pod-security.kubernetes.io/enforce': 'none' }))).toBe(
      '422 Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "none": must be one of privileged, baseline, restricted',
    );
  });
});
