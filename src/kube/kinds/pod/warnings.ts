import { isObject, membersOf, valueAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { milliValue, own } from '../../../units/index.js';
import type { NodeSelectorTerm, PodAffinity } from './affinity.js';
import type { Container, ContainerPort } from './container.js';
import type { Pod, PodSpec, PodTemplateSpec } from './pod.js';

/** Labels of nodes that were renamed (core: deprecated node labels). */
const renamedLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
};

const deadAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod':
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

const deadVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

type Annotations = Readonly<Record<string, string>>;

/** What a client that writes a pod is warned of (core: GetWarningsForPod). */
export const podWarnings = (object: KubeObject): readonly string[] => {
  const { metadata, spec } = object as Pod;
  return specWarnings('', spec, metadata.annotations ?? {});
};

/** Warnings of a kind whose pods' template is at `path`; told when its desired state has changed. */
export const templateWarnings =
  (path: string) =>
  (object: KubeObject, before: KubeObject | undefined): readonly string[] => {
    const isChanged = !before || before.metadata.generation !== object.metadata.generation;
    const template = isChanged ? valueAt(membersOf(object), path.split('.')) : undefined;
    if (!isObject(template)) return [];
    const { metadata, spec } = template as unknown as PodTemplateSpec;
    return specWarnings(`${path}.`, spec, metadata?.annotations ?? {});
  };

function specWarnings(at: string, spec: PodSpec, annotations: Annotations): readonly string[] {
  const warnings: string[] = [];
  const warn = (field: string, text: string): void => {
    warnings.push(`${at}${field}: ${text}`);
  };
  warnOfScheduling(warn, spec);
  for (const [key, text] of Object.entries(deadAnnotations)) {
    if (annotations[key] !== undefined) warn(`metadata.annotations[${key}]`, text);
  }
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    for (const source of Object.keys(volume)) {
      const text = deadVolumes[source];
      if (text !== undefined) warn(`spec.volumes[${String(index)}].${source}`, text);
    }
  }
  warnOfRepeats(
    warn,
    'spec.hostAliases',
    'ip',
    (spec.hostAliases ?? []).map(({ ip = '' }) => ip),
  );
  const secrets = (spec.imagePullSecrets ?? []).map(({ name = '' }) => name);
  warnOfRepeats(warn, 'spec.imagePullSecrets', 'name', secrets);
  for (const [index, name] of secrets.entries()) {
    if (name === '') warn(`spec.imagePullSecrets[${String(index)}].name`, 'invalid empty name ""');
  }
  warnOfFractions(warn, 'spec.overhead', spec.overhead);
  for (const [place, container] of containersOf(spec)) warnOfContainer(warn, place, container);
  warnOfPorts(warn, at, spec);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const text = 'must be >= 0; negative values are invalid and will be treated as 1';
    warn('spec.terminationGracePeriodSeconds', text);
  }
  warnOfAffinity(warn, 'spec.affinity.podAffinity', spec.affinity?.podAffinity);
  warnOfAffinity(warn, 'spec.affinity.podAntiAffinity', spec.affinity?.podAntiAffinity);
  return warnings;
}

type Warn = (field: string, text: string) => void;

function containersOf({
  initContainers = [],
  containers = [],
}: PodSpec): readonly (readonly [string, Container])[] {
  return [
    ...initContainers.map((one, index) => [`spec.initContainers[${String(index)}]`, one] as const),
    ...containers.map((one, index) => [`spec.containers[${String(index)}]`, one] as const),
  ];
}

function warnOfScheduling(warn: Warn, spec: PodSpec): void {
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const text = own(renamedLabels, key);
    if (text !== undefined) warn(`spec.nodeSelector[${key}]`, text);
  }
  const {
    requiredDuringSchedulingIgnoredDuringExecution: hard,
    preferredDuringSchedulingIgnoredDuringExecution: soft = [],
  } = spec.affinity?.nodeAffinity ?? {};
  const at = 'spec.affinity.nodeAffinity';
  for (const [index, term] of (hard?.nodeSelectorTerms ?? []).entries()) {
    const place = `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${String(index)}]`;
    warnOfTerm(warn, place, term);
  }
  for (const [index, { preference }] of soft.entries()) {
    const place = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${String(index)}].preference`;
    warnOfTerm(warn, place, preference);
  }
  for (const [index, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const place = `spec.topologySpreadConstraints[${String(index)}]`;
    const text = own(renamedLabels, topologyKey);
    if (text !== undefined) warn(`${place}.topologyKey`, `${topologyKey} is ${text}`);
    if (!labelSelector) warn(`${place}.labelSelector`, 'a null labelSelector results in matching no pod');
  }
}

function warnOfTerm(warn: Warn, at: string, { matchExpressions = [] }: NodeSelectorTerm): void {
  for (const [index, { key, values = [] }] of matchExpressions.entries()) {
    const text = own(renamedLabels, key);
    if (text !== undefined) warn(`${at}.matchExpressions[${String(index)}].key`, `${key} is ${text}`);
    for (const [number, value] of values.entries()) {
      if (/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) continue;
      const place = `${at}.matchExpressions[${String(index)}].values[${String(number)}]`;
      warn(
        place,
        `${value} is invalid, a valid label must be an empty string or consist of alphanumeric characters`,
      );
    }
  }
}

function warnOfAffinity(warn: Warn, at: string, affinity: PodAffinity = {}): void {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: hard = [],
    preferredDuringSchedulingIgnoredDuringExecution: soft = [],
  } = affinity;
  const text = 'a null labelSelector results in matching no pod';
  for (const [index, { labelSelector }] of hard.entries()) {
    const place = `${at}.requiredDuringSchedulingIgnoredDuringExecution[${String(index)}]`;
    if (!labelSelector) warn(`${place}.labelSelector`, text);
  }
  for (const [index, { podAffinityTerm }] of soft.entries()) {
    const place = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${String(index)}]`;
    if (!podAffinityTerm.labelSelector) warn(`${place}.podAffinityTerm.labelSelector`, text);
  }
}

function warnOfRepeats(warn: Warn, at: string, member: string, values: readonly string[]): void {
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) < index)
      warn(`${at}[${String(index)}].${member}`, `duplicate ${member} "${value}"`);
  }
}

/** Amounts of memory and disk with a part of a byte, such as `100m`. */
function warnOfFractions(warn: Warn, at: string, amounts: Readonly<Record<string, string>> = {}): void {
  for (const name of ['memory', 'ephemeral-storage']) {
    const amount = amounts[name];
    if (amount !== undefined && milliValue(amount) % 1000 !== 0)
      warn(`${at}[${name}]`, `fractional byte value "${amount}" is invalid, must be an integer`);
  }
}

function warnOfContainer(warn: Warn, at: string, { resources, env = [] }: Container): void {
  warnOfFractions(warn, `${at}.resources.limits`, resources?.limits);
  warnOfFractions(warn, `${at}.resources.requests`, resources?.requests);
  const names = new Set<string>();
  for (const [index, { name, value = '', valueFrom }] of env.entries()) {
    // One that builds on what it hides is meant.
    const isMeant = !valueFrom && value.includes(`$(${name})`) && value !== `$(${name})`;
    if (names.has(name) && !isMeant) {
      const text = `hides previous definition of "${name}", which may be dropped when using apply`;
      warn(`${at}.env[${String(index)}]`, text);
    }
    names.add(name);
  }
}

/** `at` is where the spec is, as a warning names two places. */
function warnOfPorts(warn: Warn, at: string, spec: PodSpec): void {
  const all = new Map<string, { readonly field: string; readonly port: ContainerPort }[]>();
  for (const [place, { ports = [] }] of containersOf(spec)) {
    for (const [index, port] of ports.entries()) {
      const field = `${place}.ports[${String(index)}]`;
      if (port.hostIP && !port.hostPort) warn(field, `hostIP set without hostPort: ${JSON.stringify(port)}`);
      const key = `${String(port.containerPort)}/${port.protocol ?? ''}`;
      const others = all.get(key) ?? [];
      for (const other of others) {
        const how = portConflict(port, other.port);
        if (how !== undefined) warn(field, `${how} port definition with ${at}${other.field}`);
      }
      all.set(key, [...others, { field, port }]);
    }
  }
}

function portConflict(port: ContainerPort, other: ContainerPort): string | undefined {
  const { hostIP = '', hostPort = 0 } = port;
  const { hostIP: otherIp = '', hostPort: otherPort = 0 } = other;
  if (hostIP === otherIp && hostPort === otherPort) return 'duplicate';
  if (hostPort === 0 || otherPort === 0) return 'overlapping';
  const isOneOpen = (hostIP === '') !== (otherIp === '');
  return hostPort === otherPort && isOneOpen ? 'dangerously ambiguous' : undefined;
}
