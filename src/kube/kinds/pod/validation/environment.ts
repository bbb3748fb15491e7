import { configKeyFault, environmentNameFault } from '../../../api/formats.js';
import type { Faults } from '../../../api/field-error.js';
import { nameFault, qualifiedNameFaults } from '../../../api/names.js';
import type { EnvironmentSource, EnvironmentVariable, KeySelector } from '../container.js';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../volume.js';

/** Fields of its pod that a container's variable may show. */
const variableFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** Fields of its pod that a volume's file may show. */
export const fileFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

const resourceFields = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

/** Fields that the downward API knows at all. */
const knownFields: ReadonlySet<string> = new Set([
  ...variableFields,
  ...fileFields,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'status.nominatedNodeName',
]);

export function checkVariables(faults: Faults, at: string, variables: readonly EnvironmentVariable[]): void {
  for (const [index, variable] of variables.entries()) {
    const { name, value = '', valueFrom } = variable;
    const place = `${at}[${String(index)}]`;
    if (!name) faults.required(`${place}.name`);
    else faults.invalid(`${place}.name`, name, environmentNameFault(name));
    if (valueFrom) checkSource(faults, `${place}.valueFrom`, valueFrom, value);
  }
}

function checkSource(
  faults: Faults,
  at: string,
  source: NonNullable<EnvironmentVariable['valueFrom']>,
  value: string,
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) checkFieldSelector(faults, `${at}.fieldRef`, fieldRef, variableFields);
  if (resourceFieldRef) checkResourceSelector(faults, `${at}.resourceFieldRef`, resourceFieldRef, 'variable');
  if (configMapKeyRef) checkKeySelector(faults, `${at}.configMapKeyRef`, configMapKeyRef);
  if (secretKeyRef) checkKeySelector(faults, `${at}.secretKeyRef`, secretKeyRef);
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(Boolean).length;
  if (sources === 0) {
    const choice = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';
    faults.invalid(at, '', choice);
  } else if (value !== '') faults.invalid(at, '', 'may not be specified when `value` is not empty');
  else if (sources > 1) faults.invalid(at, '', 'may not have more than one field specified at a time');
}

const subscripted = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/;

/** A field of the pod, of those that `supported` names, or one label or annotation. */
export function checkFieldSelector(
  faults: Faults,
  at: string,
  { apiVersion = '', fieldPath = '' }: ObjectFieldSelector,
  supported: readonly string[],
): void {
  if (apiVersion === '') faults.required(`${at}.apiVersion`);
  else if (fieldPath === '') faults.required(`${at}.fieldPath`);
  else {
    const [, map, key = ''] = subscripted.exec(fieldPath) ?? [];
    if (map !== undefined) {
      const name = map === 'metadata.annotations' ? key.toLowerCase() : key;
      faults.invalid(at, name, qualifiedNameFaults(name));
    } else if (!knownFields.has(fieldPath)) {
      const why = `error converting fieldPath: field label not supported: ${fieldPath}`;
      faults.invalid(`${at}.fieldPath`, fieldPath, why);
    } else faults.oneOf(`${at}.fieldPath`, fieldPath, supported);
  }
}

const cpuDivisors = ['1m', '1'];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const byteUnits = [
  ['.memory', 'memory'],
  ['.ephemeral-storage', 'local ephemeral storage'],
  ['.hugepages-', 'hugepages'],
] as const;

/** A container's request or limit, for a variable or for a file, which must name the container. */
export function checkResourceSelector(
  faults: Faults,
  at: string,
  { containerName = '', resource = '', divisor = '0' }: ResourceFieldSelector,
  use: 'variable' | 'file',
): void {
  if (use === 'file' && containerName === '') faults.required(`${at}.containerName`);
  else if (resource === '') faults.required(`${at}.resource`);
  else if (!/^(limits|requests)\.hugepages-/.test(resource))
    faults.oneOf(`${at}.resource`, resource, resourceFields);
  if (divisor === '0') return;
  if (resource.endsWith('.cpu')) {
    const fault = "only divisor's values 1m and 1 are supported with the cpu resource";
    if (!cpuDivisors.includes(divisor)) faults.invalid(`${at}.divisor`, resource, fault);
    return;
  }
  const unit = byteUnits.find(([part]) => resource.includes(part))?.[1];
  if (unit === undefined || byteDivisors.includes(divisor)) return;
  const values = byteDivisors.join(', ');
  const fault = `only divisor's values ${values} are supported with the ${unit} resource`;
  faults.invalid(`${at}.divisor`, resource, fault);
}

function checkKeySelector(faults: Faults, at: string, { name = '', key = '' }: KeySelector): void {
  faults.invalid(`${at}.name`, name, nameFault('subdomain', name));
  if (key === '') faults.required(`${at}.key`);
  else faults.invalid(`${at}.key`, key, configKeyFault(key));
}

export function checkVariableSources(
  faults: Faults,
  at: string,
  sources: readonly EnvironmentSource[],
): void {
  for (const [index, { prefix = '', configMapRef, secretRef }] of sources.entries()) {
    const place = `${at}[${String(index)}]`;
    if (prefix !== '') faults.invalid(`${place}.prefix`, prefix, environmentNameFault(prefix));
    for (const [member, source] of [
      ['configMapRef', configMapRef],
      ['secretRef', secretRef],
    ] as const) {
      if (!source) continue;
      if (!source.name) faults.required(`${place}.${member}.name`);
      else faults.invalid(`${place}.${member}.name`, source.name, nameFault('subdomain', source.name));
    }
    if (configMapRef && secretRef)
      faults.invalid(at, '', 'may not have more than one field specified at a time');
    if (!configMapRef && !secretRef)
      faults.invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`');
  }
}
