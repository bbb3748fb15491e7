import type { Faults } from '../../../api/field-error.js';
import { checkLabels, nameFault } from '../../../api/names.js';
import { checkContainerResourceName, checkResourceAmount } from '../../resource-names.js';
import type { PodSpec } from '../pod.js';
import type { Volume } from '../volume.js';
import { checkContainers } from './containers.js';
import { checkDns, checkHostNames, checkHostNetwork, checkHostUsers } from './network.js';
import { checkHostProcesses, checkOperatingSystem } from './operating-system.js';
import { checkPodResources, checkResourceClaims } from './resources.js';
import { checkAffinity, checkGates, checkSpread, checkTolerations } from './scheduling.js';
import { checkPodSecurityContext } from './security.js';
import { checkVolumes } from './volumes.js';

/** What a spec is of: a pod with its name, or a template, to whose volumes others may come (claims of a stateful set). */
export type SpecOwner =
  | { readonly kind: 'pod'; readonly name: string }
  | { readonly kind: 'template'; readonly furtherVolumes?: readonly Volume[] };

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const preemptionPolicies = ['PreemptLowerPriority', 'Never'];
const longestDeadline = 2_147_483_647;

/** Adds what is wrong with the spec of pods at `at` (core validation: ValidatePodSpec). */
export function checkPodSpec(faults: Faults, at: string, spec: PodSpec, owner: SpecOwner): void {
  if (spec.terminationGracePeriodSeconds === undefined)
    faults.required(`${at}.terminationGracePeriodSeconds`);
  const podName = owner.kind === 'pod' ? owner.name : undefined;
  const own = checkVolumes(faults, `${at}.volumes`, spec.volumes, podName);
  const further = owner.kind === 'template' ? (owner.furtherVolumes ?? []) : [];
  const volumes =
    further.length === 0 ? own : new Map([...own, ...further.map((one) => [one.name ?? '', one] as const)]);
  if (spec.resourceClaims) checkResourceClaims(faults, `${at}.resourceClaims`, spec.resourceClaims);
  checkContainers(faults, at, spec, volumes);
  checkPodResources(faults, `${at}.resources`, spec);
  checkHostNetwork(faults, at, spec, owner.kind);
  faults.requiredOneOf(`${at}.restartPolicy`, spec.restartPolicy, restartPolicies);
  checkDns(faults, at, spec);
  checkLabels(faults, `${at}.nodeSelector`, spec.nodeSelector);
  if (spec.securityContext)
    checkPodSecurityContext(faults, `${at}.securityContext`, spec.securityContext, spec);
  if (spec.affinity) checkAffinity(faults, `${at}.affinity`, spec.affinity);
  checkGates(faults, at, spec);
  if (spec.topologySpreadConstraints)
    checkSpread(faults, `${at}.topologySpreadConstraints`, spec.topologySpreadConstraints);
  checkHostProcesses(faults, at, spec);
  checkHostUsers(faults, at, spec);
  checkReferences(faults, at, spec);
  faults.inRange(`${at}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, longestDeadline);
  checkHostNames(faults, at, spec);
  if (spec.tolerations) checkTolerations(faults, `${at}.tolerations`, spec.tolerations);
  if (spec.preemptionPolicy !== undefined)
    faults.requiredOneOf(`${at}.preemptionPolicy`, spec.preemptionPolicy, preemptionPolicies);
  for (const [name, amount] of Object.entries(spec.overhead ?? {})) {
    checkContainerResourceName(faults, `${at}.overhead.limits[${name}]`, name);
    checkResourceAmount(faults, `${at}.overhead.limits[${name}]`, name, amount);
  }
  checkOperatingSystem(faults, at, spec);
}

/** Names of other objects: each has the form of its kind's names. */
function checkReferences(faults: Faults, at: string, spec: PodSpec): void {
  for (const member of ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName'] as const) {
    const name = spec[member];
    if (name) faults.invalid(`${at}.${member}`, name, nameFault('subdomain', name));
  }
}
