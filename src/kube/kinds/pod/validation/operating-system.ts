import type { Faults } from '../../../api/field-error.js';
import type { Container } from '../container.js';
import type { PodSpec } from '../pod.js';

const notForWindows = 'cannot be set for a windows pod';

/** Fields of a pod that Windows nodes don't have, beside those of its security context. */
const linuxPodFields = ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'] as const;
const linuxPodSecurity = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
] as const;
const linuxSecurity = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

/** What a pod says of its operating system, and what that one does not have (core validation: validateOS). */
export function checkOperatingSystem(faults: Faults, at: string, spec: PodSpec): void {
  if (!spec.os) return;
  const { name = '' } = spec.os;
  if (name === '') faults.required(`${at}.os.name`, 'cannot be empty');
  else if (name === 'linux') checkLinux(faults, at, spec);
  else if (name === 'windows') checkWindows(faults, at, spec);
  else faults.oneOf(`${at}.os`, name, ['linux', 'windows']);
}

/** All containers of a pod, each with its path. */
function* containersOf(at: string, spec: PodSpec): Generator<readonly [string, Container]> {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries())
      yield [`${at}.${list}[${String(index)}]`, container];
  }
}

function checkLinux(faults: Faults, at: string, spec: PodSpec): void {
  const fault = 'windows options cannot be set for a linux pod';
  if (spec.securityContext?.windowsOptions) faults.forbidden(`${at}.securityContext.windowsOptions`, fault);
  for (const [place, { securityContext }] of containersOf(at, spec)) {
    if (securityContext?.windowsOptions) faults.forbidden(`${place}.securityContext.windowsOptions`, fault);
  }
}

function checkWindows(faults: Faults, at: string, spec: PodSpec): void {
  for (const field of linuxPodFields) {
    if (spec[field] !== undefined && spec[field] !== false) faults.forbidden(`${at}.${field}`, notForWindows);
  }
  for (const field of linuxPodSecurity) {
    if (spec.securityContext?.[field] !== undefined)
      faults.forbidden(`${at}.securityContext.${field}`, notForWindows);
  }
  for (const [place, { securityContext }] of containersOf(at, spec)) {
    for (const field of linuxSecurity) {
      if (securityContext?.[field] !== undefined)
        faults.forbidden(`${place}.securityContext.${field}`, notForWindows);
    }
  }
}

/** Containers that are processes of a Windows host: all of a pod's or none, and on the host's network. */
export function checkHostProcesses(faults: Faults, at: string, spec: PodSpec): void {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  let all = 0;
  let hostProcesses = 0;
  for (const [place, { securityContext }] of containersOf(at, spec)) {
    const own = securityContext?.windowsOptions?.hostProcess;
    all += 1;
    if (ofPod !== undefined && own !== undefined && own !== ofPod) {
      const field = `${place}.securityContext.windowsOptions.hostProcess`;
      const same = `pod hostProcess value must be identical if both are specified, was ${String(ofPod)}`;
      faults.invalid(field, own, same);
    }
    if (own ?? ofPod) hostProcesses += 1;
  }
  if (hostProcesses === 0) return;
  if (hostProcesses !== all) {
    const text =
      'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    faults.invalid(at, '', text);
  }
  if (spec.hostNetwork !== true) {
    const text = 'hostNetwork must be true if pod contains any hostProcess containers';
    faults.invalid(`${at}.hostNetwork`, false, text);
  }
}
