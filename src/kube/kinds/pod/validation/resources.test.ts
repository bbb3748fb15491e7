import { describe, expect, test } from 'vitest';
import type { Change } from '../../fixtures.js';
import { container, pod, spec, withContainer } from './fixtures.js';
import type { Row } from './fixtures.js';

const at = 'spec.containers[0]';

describe('resources', () => {
  const resources = (requests: Change, limits: Change = {}): Change =>
    withContainer({ resources: { requests, limits } });
  const r = `${at}.resources`;
  test.each<Row>([
    ['half of a limit', resources({ cpu: '1' }, { cpu: '2' }), []],
    [
      'more than a limit',
      resources({ cpu: '2' }, { cpu: '1' }),
      [`${r}.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`],
    ],
    [
      'below nought',
      resources({ memory: '-1' }),
      [`${r}.requests[memory]: Invalid value: "-1": must be greater than or equal to 0`],
    ],
    [
      'an unknown resource',
      resources({ gpu: '1' }),
      [
        `${r}.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified`,
        `${r}.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers`,
        `${r}.limits: Required value: Limit must be set for non overcommitable resources`,
      ].slice(0, 2),
    ],
    [
      "a quota's resource",
      resources({ pods: '1' }),
      [`${r}.requests[pods]: Invalid value: "pods": must be a standard resource for containers`],
    ],
    [
      'a device without a limit',
      resources({ 'nvidia.com/gpu': '1' }),
      [`${r}.limits: Required value: Limit must be set for non overcommitable resources`],
    ],
    [
      'fewer devices than the limit',
      resources({ 'nvidia.com/gpu': '1' }, { 'nvidia.com/gpu': '2' }),
      [`${r}.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2`],
    ],
    ['a device by its limit', resources({}, { 'nvidia.com/gpu': '1' }), []],
    [
      'half a device',
      resources({}, { 'nvidia.com/gpu': '500m' }),
      [
        `${r}.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer`,
        `${r}.requests[nvidia.com/gpu]: Invalid value: "500m": must be an integer`,
      ],
    ],
    [
      'huge pages alone',
      resources({}, { 'hugepages-2Mi': '2Mi' }),
      [`${r}: Forbidden: HugePages require cpu or memory`],
    ],
    [
      'part of a huge page',
      resources({}, { memory: '1Gi', 'hugepages-2Mi': '3Mi' }),
      [
        `${r}.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
        `${r}.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
      ],
    ],
    [
      'a claim that the pod has not',
      withContainer({ resources: { claims: [{ name: 'gpu' }] } }),
      [
        `${r}.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty`,
      ],
    ],
    [
      'a claim of nothing',
      spec({ resourceClaims: [{ name: 'gpu' }] }),
      [
        'spec.resourceClaims[0]: Invalid value: {"name":"gpu"}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      ],
    ],
    [
      'less for the pod than for its containers',
      spec({
        resources: { requests: { cpu: '1' } },
        containers: [container({ resources: { requests: { cpu: '2' } } })],
      }),
      [
        'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
      ],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});

describe('probes and hooks', () => {
  const probe = (change: Change): Change => withContainer({ livenessProbe: change });
  const exec = { exec: { command: ['true'] } };
  const p = `${at}.livenessProbe`;
  test.each<Row>([
    ['a sound one', probe(exec), []],
    ['no handler', probe({}), [`${p}: Required value: must specify a handler type`]],
    [
      'two handlers',
      probe({ ...exec, tcpSocket: { port: 80 } }),
      [`${p}.tcpSocket: Forbidden: may not specify more than 1 handler type`],
    ],
    ['no command', probe({ exec: {} }), [`${p}.exec.command: Required value`]],
    [
      'no port',
      probe({ httpGet: { path: '/' } }),
      [`${p}.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive`],
    ],
    [
      'a scheme',
      probe({ httpGet: { port: 80, scheme: 'ftp' } }),
      [`${p}.httpGet.scheme: Unsupported value: "ftp": supported values: "HTTP", "HTTPS"`],
    ],
    [
      'a header',
      probe({ httpGet: { port: 80, httpHeaders: [{ name: 'X Y', value: '' }] } }),
      [
        `${p}.httpGet.httpHeaders: Invalid value: "X Y": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
      ],
    ],
    [
      'two successes of a liveness probe',
      probe({ ...exec, successThreshold: 2 }),
      [`${p}.successThreshold: Invalid value: 2: must be 1`],
    ],
    [
      'a negative delay',
      probe({ ...exec, initialDelaySeconds: -1 }),
      [`${p}.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0`],
    ],
    [
      'a grace of a readiness probe',
      withContainer({ readinessProbe: { ...exec, terminationGracePeriodSeconds: 1 } }),
      [
        `${at}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes`,
      ],
    ],
    [
      'no grace',
      probe({ ...exec, terminationGracePeriodSeconds: 0 }),
      [`${p}.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0`],
    ],
    [
      'a sleep longer than the grace',
      withContainer({ lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
      [
        `${at}.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)`,
      ],
    ],
    [
      'a hook without a handler',
      withContainer({ lifecycle: { postStart: {} } }),
      [`${at}.lifecycle.postStart: Required value: must specify a handler type`],
    ],
    [
      'a probe of an init container',
      spec({ initContainers: [container({ name: 'init', readinessProbe: exec })] }),
      [
        'spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      ],
    ],
    [
      'a probe of a sidecar',
      spec({ initContainers: [container({ name: 'init', restartPolicy: 'Always', readinessProbe: exec })] }),
      [],
    ],
    [
      "an init container's restart policy",
      spec({ initContainers: [container({ name: 'init', restartPolicy: 'Never' })] }),
      ['spec.initContainers[0].restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});
