import { describe, expect, test } from 'vitest';
import type { Change } from '../../fixtures.js';
import { pod, spec } from './fixtures.js';
import type { Row } from './fixtures.js';

const notAName =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('scheduling', () => {
  const tolerations = (...list: Change[]): Change => spec({ tolerations: list });
  const affinity = (change: Change): Change => spec({ affinity: change });
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const nodes = (...matchExpressions: Change[]): Change =>
    affinity({ nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchExpressions }] } } });
  const n = `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms[0].matchExpressions[0]`;
  const spread = (...list: Change[]): Change => spec({ topologySpreadConstraints: list });
  const zones = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} };
  const t = 'spec.tolerations[0]';
  test.each<Row>([
    [
      'a toleration of no key',
      tolerations({ value: 'x' }),
      [
        `${t}.operator: Invalid value: "": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
      ],
    ],
    [
      'a value that only has to exist',
      tolerations({ key: 'a', operator: 'Exists', value: 'x' }),
      [`${t}.operator: Invalid value: "x": value must be empty when \`operator\` is 'Exists'`],
    ],
    [
      'an operator',
      tolerations({ key: 'a', operator: 'In' }),
      [`${t}.operator: Unsupported value: "In": supported values: "Equal", "Exists"`],
    ],
    [
      'an effect',
      tolerations({ key: 'a', effect: 'NoRun' }),
      [
        `${t}.effect: Unsupported value: "NoRun": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
      ],
    ],
    [
      'seconds without an eviction',
      tolerations({ key: 'a', effect: 'NoSchedule', tolerationSeconds: 1 }),
      [
        `${t}.effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
      ],
    ],
    [
      'no values',
      nodes({ key: 'a', operator: 'In' }),
      [`${n}.values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`],
    ],
    [
      'values of what only has to exist',
      nodes({ key: 'a', operator: 'Exists', values: ['x'] }),
      [`${n}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`],
    ],
    [
      'two bounds',
      nodes({ key: 'a', operator: 'Gt', values: ['1', '2'] }),
      [`${n}.values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`],
    ],
    [
      "an operator of a node's label",
      nodes({ key: 'a', operator: 'Is' }),
      [`${n}.operator: Invalid value: "Is": not a valid selector operator`],
    ],
    [
      'no terms',
      affinity({ nodeAffinity: { [required]: { nodeSelectorTerms: [] } } }),
      [
        `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms: Required value: must have at least one node selector term`,
      ],
    ],
    [
      'a field of nodes',
      affinity({
        nodeAffinity: {
          [required]: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'spec.x', operator: 'In', values: ['a'] }] }],
          },
        },
      }),
      [
        `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms[0].matchFields[0].key: Invalid value: "spec.x": not a valid field selector key`,
      ],
    ],
    [
      'a weight',
      affinity({ nodeAffinity: { [preferred]: [{ weight: 101, preference: {} }] } }),
      [`spec.affinity.nodeAffinity.${preferred}[0].weight: Invalid value: 101: must be in the range 1-100`],
    ],
    [
      'no topology',
      affinity({ podAffinity: { [required]: [{ labelSelector: {} }] } }),
      [
        `spec.affinity.podAffinity.${required}[0].topologyKey: Required value: can not be empty`,
        `spec.affinity.podAffinity.${required}[0].topologyKey: Invalid value: "": name part must be non-empty`,
        `spec.affinity.podAffinity.${required}[0].topologyKey: Invalid value: "": ${notAName}`,
      ],
    ],
    [
      "a selector's operator",
      affinity({
        podAntiAffinity: {
          [required]: [
            { topologyKey: 'zone', labelSelector: { matchExpressions: [{ key: 'a', operator: 'Gt' }] } },
          ],
        },
      }),
      [
        `spec.affinity.podAntiAffinity.${required}[0].labelSelector.matchExpressions[0].operator: Invalid value: "Gt": not a valid selector operator`,
      ],
    ],
    [
      'no skew',
      spread({ ...zones, maxSkew: 0 }),
      ['spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero'],
    ],
    [
      'no action',
      spread({ ...zones, whenUnsatisfiable: undefined }),
      [
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "": supported values: "DoNotSchedule", "ScheduleAnyway"',
      ],
    ],
    [
      'the same constraint twice',
      spread(zones, zones),
      [
        'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"',
      ],
    ],
    [
      'domains that are only wished',
      spread({ ...zones, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }),
      [
        'spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
      ],
    ],
    [
      'a key that is selected by',
      spread({ ...zones, labelSelector: { matchLabels: { a: 'b' } }, matchLabelKeys: ['a'] }),
      [
        'spec.topologySpreadConstraints[0].matchLabelKeys[0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector',
      ],
    ],
    [
      'a gate twice',
      spec({ schedulingGates: [{ name: 'a' }, { name: 'a' }] }),
      ['spec.schedulingGates[1]: Duplicate value: "a"'],
    ],
    [
      'a node in spite of a gate',
      spec({ schedulingGates: [{ name: 'a' }], nodeName: 'n' }),
      ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    ],
    [
      "a label's value",
      spec({ nodeSelector: { a: 'b c' } }),
      [
        `spec.nodeSelector: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      ],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});
