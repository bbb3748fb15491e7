import { describe, expect, test } from 'vitest';
import type { Change } from '../fixtures.js';
import { pod, spec, withContainer } from './validation/fixtures.js';
import { templateWarnings } from './warnings.js';

describe('warnings', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['none', {}, []],
    [
      'a variable twice',
      withContainer({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      }),
      ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'a variable that adds to itself',
      withContainer({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '$(A)2' },
        ],
      }),
      [],
    ],
    [
      'a port twice',
      withContainer({
        ports: [
          { containerPort: 80, name: 'a' },
          { containerPort: 80, name: 'b' },
        ],
      }),
      ['spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]'],
    ],
    [
      'a label of old',
      spec({ nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }),
      ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
    ],
    [
      'a thousandth of a byte',
      withContainer({ resources: { limits: { memory: '100m' } } }),
      [
        'spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
        'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
      ],
    ],
    [
      'an annotation of old',
      { metadata: { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } } },
      [
        'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      ],
    ],
    [
      'a volume of old',
      spec({ volumes: [{ name: 'v', glusterfs: { endpoints: 'e', path: 'p' } }] }),
      ['spec.volumes[0].glusterfs: deprecated in v1.25, non-functional in v1.26+'],
    ],
    [
      'a constraint on no pods',
      spec({
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
      }),
      ['spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
    ],
    [
      'a negative grace',
      spec({ terminationGracePeriodSeconds: -1 }),
      [
        'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
      ],
    ],
    [
      'the same alias twice',
      spec({ hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }] }),
      ['spec.hostAliases[1].ip: duplicate ip "1.1.1.1"'],
    ],
  ])('%s', (_, change, warnings) => expect(pod.warnings(change)).toEqual(warnings));

  test('of a template name the places within it', () => {
    const port = { containerPort: 80, protocol: 'TCP' };
    const template = { spec: { containers: [{ name: 'c', ports: [port, port] }] } };
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { template },
    };
    expect(templateWarnings('spec.template')(object, undefined)).toEqual([
      'spec.template.spec.containers[0].ports[1]: duplicate port definition with spec.template.spec.containers[0].ports[0]',
    ]);
  });
});
