import { describe, expect, test } from 'vitest';
import type { Change } from '../../fixtures.js';
import { container, pod, spec, withContainer } from './fixtures.js';

describe('a pod that exists may change', () => {
  const other =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';
  const gated = { schedulingGates: [{ name: 'g' }] };
  test.each<readonly [string, Change, Change, readonly string[]]>([
    ['nothing', {}, {}, []],
    ['an image', {}, withContainer({ image: 'app:2' }), []],
    ['its metadata', {}, { metadata: { labels: { a: 'b' } } }, []],
    ['tolerations more', {}, spec({ tolerations: [{ key: 'a', operator: 'Exists' }] }), []],
    [
      'tolerations fewer',
      spec({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
      {},
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    ['a deadline', {}, spec({ activeDeadlineSeconds: 60 }), []],
    [
      'a later deadline',
      spec({ activeDeadlineSeconds: 60 }),
      spec({ activeDeadlineSeconds: 61 }),
      ['spec.activeDeadlineSeconds: Invalid value: 61: must be less than or equal to previous value'],
    ],
    [
      'no deadline any more',
      spec({ activeDeadlineSeconds: 60 }),
      {},
      [
        'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
      ],
    ],
    [
      'a negative grace to one',
      spec({ terminationGracePeriodSeconds: -1 }),
      spec({ terminationGracePeriodSeconds: 1 }),
      [],
    ],
    ['its gates fewer', spec(gated), {}, []],
    [
      'its gates more',
      {},
      spec(gated),
      [
        "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'g'",
      ],
    ],
    [
      'its containers more',
      {},
      spec({ containers: [container(), container({ name: 'b' })] }),
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    [
      'its node selector',
      {},
      spec({ nodeSelector: { a: 'b' } }),
      [
        `${other}  core.PodSpec{\n  \t... // 9 identical fields\n- \tNodeSelector: nil,\n+ \tNodeSelector: {"a":"b"},\n  }\n`,
      ],
    ],
    [
      'a command',
      {},
      withContainer({ command: ['x'] }),
      [
        `${other}  core.PodSpec{\n  \t... // 1 identical fields\n  \tContainers: {\n  \t\t[0]: {\n  \t\t\t... // 6 identical fields\n- \t\t\tCommand: nil,\n+ \t\t\tCommand: ["x"],\n  \t\t},\n  \t},\n  \t... // 7 identical fields\n  }\n`,
      ],
    ],
    ['a node selector more while it is gated', spec(gated), spec({ ...gated, nodeSelector: { a: 'b' } }), []],
    [
      'a node selector less while it is gated',
      spec({ ...gated, nodeSelector: { a: 'b' } }),
      spec(gated),
      [
        'spec.nodeSelector: Invalid value: {}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ],
    ],
  ])('%s', (_, before, after, faults) => expect(pod.changeFaults(before, after)).toEqual(faults));
});
