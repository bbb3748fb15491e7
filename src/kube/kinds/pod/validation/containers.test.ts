import { describe, expect, test } from 'vitest';
import type { Change } from '../../fixtures.js';
import { container, pod, spec, withContainer } from './fixtures.js';
import type { Row } from './fixtures.js';

const at = 'spec.containers[0]';
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

describe('containers', () => {
  test.each<Row>([
    ['a sound pod', {}, []],
    ['no containers', spec({ containers: [] }), ['spec.containers: Required value']],
    ['no name', withContainer({ name: '' }), [`${at}.name: Required value`]],
    ['a name of capitals', withContainer({ name: 'App' }), [`${at}.name: Invalid value: "App": ${label}`]],
    ['no image', withContainer({ image: null }), [`${at}.image: Required value`]],
    [
      'spaces around an image',
      withContainer({ image: ' app:1' }),
      [`${at}.image: Invalid value: " app:1": must not have leading or trailing whitespace`],
    ],
    [
      'the same name twice',
      spec({ containers: [container(), container()] }),
      ['spec.containers[1].name: Duplicate value: "app"'],
    ],
    [
      'the name of an init container',
      spec({ initContainers: [container()] }),
      ['spec.initContainers[0].name: Duplicate value: "app"'],
    ],
    [
      'a pull policy',
      withContainer({ imagePullPolicy: 'Sometimes' }),
      [
        `${at}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
      ],
    ],
    [
      'a termination message policy',
      withContainer({ terminationMessagePolicy: 'Log' }),
      [
        `${at}.terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"`,
      ],
    ],
    [
      'a restart policy of its own',
      withContainer({ restartPolicy: 'Always' }),
      [`${at}.restartPolicy: Forbidden: may not be set for non-init containers`],
    ],
    [
      'an ephemeral container at once',
      spec({ ephemeralContainers: [container({ name: 'debug' })] }),
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
    [
      'a resize policy of another resource',
      withContainer({ resizePolicy: [{ resourceName: 'disk', restartPolicy: 'NotRequired' }] }),
      [`${at}.resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"`],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});

describe('ports', () => {
  const ports = (...list: Change[]): Change => withContainer({ ports: list });
  const port = 'must be between 1 and 65535, inclusive';
  test.each<Row>([
    ['none', ports({}), [`${at}.ports[0].containerPort: Required value`]],
    [
      'out of range',
      ports({ containerPort: 70_000 }),
      [`${at}.ports[0].containerPort: Invalid value: 70000: ${port}`],
    ],
    [
      "a host's out of range",
      ports({ containerPort: 80, hostPort: -1 }),
      [`${at}.ports[0].hostPort: Invalid value: -1: ${port}`],
    ],
    [
      'a protocol',
      ports({ containerPort: 80, protocol: 'HTTP' }),
      [`${at}.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"`],
    ],
    [
      'a long name',
      ports({ containerPort: 80, name: 'a-very-long-name' }),
      [`${at}.ports[0].name: Invalid value: "a-very-long-name": must be no more than 15 characters`],
    ],
    [
      'a name without a letter',
      ports({ containerPort: 80, name: '80' }),
      [`${at}.ports[0].name: Invalid value: "80": must contain at least one letter (a-z)`],
    ],
    [
      'a name with two hyphens',
      ports({ containerPort: 80, name: 'a--b' }),
      [`${at}.ports[0].name: Invalid value: "a--b": must not contain consecutive hyphens`],
    ],
    [
      'a name that ends with a hyphen',
      ports({ containerPort: 80, name: 'web-' }),
      [`${at}.ports[0].name: Invalid value: "web-": must not begin or end with a hyphen`],
    ],
    [
      'a name of capitals',
      ports({ containerPort: 80, name: 'Web' }),
      [
        `${at}.ports[0].name: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
      ],
    ],
    [
      'the same name twice',
      ports({ containerPort: 80, name: 'web' }, { containerPort: 81, name: 'web' }),
      [`${at}.ports[1].name: Duplicate value: "web"`],
    ],
    [
      "the same host's port twice",
      ports({ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 80 }),
      [`${at}.ports[1].hostPort: Duplicate value: "TCP//80"`],
    ],
    [
      "another port of the host's network",
      spec({ hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort: 81 }] })] }),
      [
        `${at}.ports[0].hostPort: Invalid value: 81: must match \`containerPort\` when \`hostNetwork\` is true`,
      ],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});

describe('variables', () => {
  const env = (...list: Change[]): Change => withContainer({ env: list });
  const from = (valueFrom: Change): Change => env({ name: 'X', valueFrom });
  test.each<Row>([
    ['no name', env({ value: '1' }), [`${at}.env[0].name: Required value`]],
    ['a name with a space', env({ name: 'A B' }), []],
    [
      'a name with an equals sign',
      env({ name: 'A=B' }),
      [
        `${at}.env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='`,
      ],
    ],
    [
      'no source',
      from({}),
      [
        `${at}.env[0].valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\` or \`secretKeyRef\``,
      ],
    ],
    [
      'a value and a source',
      env({ name: 'X', value: '1', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
      [`${at}.env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`],
    ],
    [
      'two sources',
      from({ secretKeyRef: { name: 's', key: 'k' }, configMapKeyRef: { name: 'c', key: 'k' } }),
      [`${at}.env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time`],
    ],
    [
      'no key',
      from({ secretKeyRef: { name: 's' } }),
      [`${at}.env[0].valueFrom.secretKeyRef.key: Required value`],
    ],
    [
      'an unknown field',
      from({ fieldRef: { fieldPath: 'spec.nodeNam' } }),
      [
        `${at}.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nodeNam": error converting fieldPath: field label not supported: spec.nodeNam`,
      ],
    ],
    [
      'a field that is for files',
      from({ fieldRef: { fieldPath: 'metadata.labels' } }),
      [
        `${at}.env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`,
      ],
    ],
    ['one label', from({ fieldRef: { fieldPath: "metadata.labels['app']" } }), []],
    ['no field', from({ fieldRef: {} }), [`${at}.env[0].valueFrom.fieldRef.fieldPath: Required value`]],
    [
      'an unknown resource',
      from({ resourceFieldRef: { resource: 'limits.disk' } }),
      [
        `${at}.env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.disk": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"`,
      ],
    ],
    [
      'a divisor of cpu',
      from({ resourceFieldRef: { resource: 'limits.cpu', divisor: '1k' } }),
      [
        `${at}.env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
      ],
    ],
    [
      'all of nothing',
      withContainer({ envFrom: [{}] }),
      [`${at}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``],
    ],
    [
      'all of two',
      withContainer({ envFrom: [{ configMapRef: { name: 'c' }, secretRef: { name: 's' } }] }),
      [`${at}.envFrom: Invalid value: "": may not have more than one field specified at a time`],
    ],
    [
      'all of no name',
      withContainer({ envFrom: [{ secretRef: {} }] }),
      [`${at}.envFrom[0].secretRef.name: Required value`],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});
