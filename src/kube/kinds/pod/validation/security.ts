import { descendingPathFault, identityFault } from '../../../api/formats.js';
import type { Faults } from '../../../api/field-error.js';
import { nameFault } from '../../../api/names.js';
import type { PodSpec } from '../pod.js';
import type {
  PodSecurityContext,
  SeccompProfile,
  SecurityContext,
  WindowsOptions,
} from '../security-context.js';

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

function checkIdentity(faults: Faults, at: string, id: number | undefined): void {
  if (id !== undefined) faults.invalid(at, id, identityFault(id));
}

/** The security of a whole pod (core validation: validatePodSpecSecurityContext). */
export function checkPodSecurityContext(
  faults: Faults,
  at: string,
  context: PodSecurityContext,
  spec: PodSpec,
): void {
  checkIdentity(faults, `${at}.fsGroup`, context.fsGroup);
  checkIdentity(faults, `${at}.runAsUser`, context.runAsUser);
  checkIdentity(faults, `${at}.runAsGroup`, context.runAsGroup);
  for (const [index, id] of (context.supplementalGroups ?? []).entries()) {
    checkIdentity(faults, `${at}.supplementalGroups[${String(index)}]`, id);
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const both = 'ShareProcessNamespace and HostPID cannot both be enabled';
    faults.invalid(`${at}.shareProcessNamespace`, true, both);
  }
  checkSysctls(faults, `${at}.sysctls`, context.sysctls ?? [], spec);
  faults.oneOf(`${at}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']);
  checkSeccomp(faults, `${at}.seccompProfile`, context.seccompProfile);
  checkWindowsOptions(faults, `${at}.windowsOptions`, context.windowsOptions);
  checkAppArmor(faults, `${at}.appArmorProfile`, context.appArmorProfile);
  faults.oneOf(`${at}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict']);
  faults.oneOf(`${at}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ['MountOption', 'Recursive']);
}

function checkSysctls(
  faults: Faults,
  at: string,
  sysctls: NonNullable<PodSecurityContext['sysctls']>,
  spec: PodSpec,
): void {
  const seen = new Set<string>();
  for (const [index, { name = '' }] of sysctls.entries()) {
    const place = `${at}[${String(index)}].name`;
    if (name === '') faults.required(place);
    else if (name.length > 253 || !sysctlName.test(name)) {
      const text =
        'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
      faults.invalid(place, name, text);
    } else if (seen.has(name)) faults.duplicate(place, name);
    seen.add(name);
    if (spec.hostNetwork === true && name.startsWith('net.'))
      faults.invalid(place, name, "may not be specified when 'hostNetwork' is true");
    if (spec.hostIPC === true && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(name))
      faults.invalid(place, name, "may not be specified when 'hostIPC' is true");
  }
}

/** The security of one container (core validation: ValidateSecurityContext). */
export function checkSecurityContext(
  faults: Faults,
  at: string,
  context: SecurityContext,
  spec: PodSpec,
): void {
  checkIdentity(faults, `${at}.runAsUser`, context.runAsUser);
  checkIdentity(faults, `${at}.runAsGroup`, context.runAsGroup);
  faults.oneOf(`${at}.procMount`, context.procMount, ['Default', 'Unmasked']);
  if (context.procMount === 'Unmasked' && spec.hostUsers !== false)
    faults.invalid(`${at}.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`');
  checkSeccomp(faults, `${at}.seccompProfile`, context.seccompProfile);
  if (context.allowPrivilegeEscalation === false) {
    const cannot = 'cannot set `allowPrivilegeEscalation` to false and';
    if (context.privileged === true) faults.invalid(at, context, `${cannot} \`privileged\` to true`);
    if (context.capabilities?.add?.includes('CAP_SYS_ADMIN'))
      faults.invalid(at, context, `${cannot} \`capabilities.Add\` CAP_SYS_ADMIN`);
  }
  checkWindowsOptions(faults, `${at}.windowsOptions`, context.windowsOptions);
  checkAppArmor(faults, `${at}.appArmorProfile`, context.appArmorProfile);
}

function checkSeccomp(faults: Faults, at: string, profile: SeccompProfile | undefined): void {
  if (!profile) return;
  const { type = '', localhostProfile } = profile;
  if (type === '') faults.required(`${at}.type`, 'type is required when seccompProfile is set');
  else faults.oneOf(`${at}.type`, type, profileTypes);
  const field = `${at}.localhostProfile`;
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined)
      faults.invalid(field, profile, 'can only be set when seccomp type is Localhost');
  } else if (localhostProfile === undefined)
    faults.required(field, 'must be set when seccomp type is Localhost');
  else faults.invalid(field, localhostProfile, descendingPathFault(localhostProfile));
}

function checkAppArmor(faults: Faults, at: string, profile: SeccompProfile | undefined): void {
  if (!profile) return;
  const { type = '', localhostProfile } = profile;
  const field = `${at}.localhostProfile`;
  if (type === '') faults.required(`${at}.type`, 'type is required when appArmorProfile is set');
  else faults.oneOf(`${at}.type`, type, profileTypes);
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined && profileTypes.includes(type))
      faults.invalid(field, localhostProfile, 'can only be set when AppArmor type is Localhost');
  } else if (localhostProfile === undefined || localhostProfile === '')
    faults.required(field, 'must be set when AppArmor type is Localhost');
  else if (localhostProfile.trim() !== localhostProfile)
    faults.invalid(field, localhostProfile, 'must not be padded with whitespace');
}

function checkWindowsOptions(faults: Faults, at: string, options: WindowsOptions | undefined): void {
  if (!options) return;
  const { gmsaCredentialSpecName: credential, runAsUserName: user } = options;
  if (credential !== undefined)
    faults.invalid(`${at}.gmsaCredentialSpecName`, credential, nameFault('subdomain', credential));
  if (user !== undefined) faults.invalid(`${at}.runAsUserName`, user, userNameFault(user));
}

function userNameFault(name: string): string | undefined {
  if (name === '') return 'runAsUserName cannot be an empty string';
  const parts = name.split('\\');
  if (parts.length > 2) return 'runAsUserName cannot contain more than one backslash';
  const user = parts.at(-1) ?? '';
  if (user === '') return "runAsUserName's User cannot be empty";
  if (user.length > 104) return "runAsUserName's User length must not be longer than 104 characters";
  if (/^[. ]+$/.test(user)) return "runAsUserName's User cannot contain only periods or spaces";
  return /["/:;|=,+*?<>@[\]]/.test(user)
    ? 'runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]'
    : undefined;
}
