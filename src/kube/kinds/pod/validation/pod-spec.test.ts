import { describe, expect, test } from 'vitest';
import type { Change } from '../../fixtures.js';
import { pod, spec, withContainer } from './fixtures.js';
import type { Row } from './fixtures.js';

const at = 'spec.containers[0]';
describe('network and names', () => {
  test.each<Row>([
    [
      'a DNS policy',
      spec({ dnsPolicy: 'Cluster' }),
      [
        'spec.dnsPolicy: Unsupported value: "Cluster": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
      ],
    ],
    [
      'no DNS at all',
      spec({ dnsPolicy: 'None' }),
      ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
    ],
    [
      'no name server',
      spec({ dnsPolicy: 'None', dnsConfig: {} }),
      [
        'spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
      ],
    ],
    [
      'a name server by name',
      spec({ dnsConfig: { nameservers: ['dns'] } }),
      [
        'spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      'four name servers',
      spec({ dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }),
      [
        'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]: must not have more than 3 nameservers',
      ],
    ],
    [
      'an option without a name',
      spec({ dnsConfig: { options: [{ value: '1' }] } }),
      ['spec.dnsConfig.options[0]: Required value: must not be empty'],
    ],
    [
      'a host name',
      spec({ hostname: 'a.b' }),
      ['spec.hostname: Invalid value: "a.b": must not contain dots'],
    ],
    [
      'an alias',
      spec({ hostAliases: [{ ip: '1.2.3', hostnames: ['a'] }] }),
      [
        'spec.hostAliases[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      'a restart policy',
      spec({ restartPolicy: 'Sometimes' }),
      [
        'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      ],
    ],
    [
      'no deadline',
      spec({ activeDeadlineSeconds: 0 }),
      ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
    ],
    ['a negative grace, which counts as one', spec({ terminationGracePeriodSeconds: -1 }), []],
    [
      'a preemption policy',
      spec({ preemptionPolicy: 'Always' }),
      [
        'spec.preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
      ],
    ],
    [
      'users of its own on the host network',
      spec({ hostUsers: false, hostNetwork: true }),
      ['spec.hostNetwork: Forbidden: when `pod.Spec.HostUsers` is false'],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});

describe('security', () => {
  const context = (change: Change): Change => spec({ securityContext: change });
  const own = (change: Change): Change => withContainer({ securityContext: change });
  const id = 'must be between 0 and 2147483647, inclusive';
  test.each<Row>([
    ['a user', context({ runAsUser: -1 }), [`spec.securityContext.runAsUser: Invalid value: -1: ${id}`]],
    [
      'a further group',
      context({ supplementalGroups: [2 ** 31] }),
      [`spec.securityContext.supplementalGroups[0]: Invalid value: 2147483648: ${id}`],
    ],
    [
      'a kernel parameter',
      context({ sysctls: [{ name: 'Kernel', value: '1' }] }),
      [
        'spec.securityContext.sysctls[0].name: Invalid value: "Kernel": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
      ],
    ],
    [
      'a profile without a type',
      context({ seccompProfile: {} }),
      [
        'spec.securityContext.seccompProfile.type: Required value: type is required when seccompProfile is set',
      ],
    ],
    [
      'a local profile without a name',
      own({ seccompProfile: { type: 'Localhost' } }),
      [
        `${at}.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
      ],
    ],
    [
      'privileges and none',
      own({ privileged: true, allowPrivilegeEscalation: false }),
      [
        `${at}.securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`,
      ],
    ],
    [
      'an operating system',
      spec({ os: { name: 'beos' } }),
      ['spec.os: Unsupported value: "beos": supported values: "linux", "windows"'],
    ],
    [
      "a Linux user's number on Windows",
      spec({ os: { name: 'windows' }, securityContext: { runAsUser: 1 } }),
      ['spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod'],
    ],
    [
      'options of Windows on Linux',
      spec({ os: { name: 'linux' }, securityContext: { windowsOptions: {} } }),
      ['spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod'],
    ],
    [
      'a process of the host, on the network of its pod',
      spec({ securityContext: { windowsOptions: { hostProcess: true } } }),
      [
        'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
      ],
    ],
    [
      'the cost of its deletion',
      { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': 'high' } } },
      [
        'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "high": must be a 32bit integer',
      ],
    ],
    [
      'a token of no account',
      spec({
        serviceAccountName: null,
        volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }],
      }),
      [
        'spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set',
      ],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});
