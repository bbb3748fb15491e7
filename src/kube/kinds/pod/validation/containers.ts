import { portNameFaults, portNumberFault } from '../../../api/formats.js';
import type { Faults } from '../../../api/field-error.js';
import { nameFault } from '../../../api/names.js';
import type { Container, ContainerPort, EphemeralContainer } from '../container.js';
import { isSidecar } from '../pod.js';
import type { PodSpec } from '../pod.js';
import { checkVariableSources, checkVariables } from './environment.js';
import { checkLifecycle, checkProbes } from './handlers.js';
import { checkDevices, checkMounts } from './mounts.js';
import { checkContainerResources } from './resources.js';
import { checkSecurityContext } from './security.js';
import type { Volumes } from './volumes.js';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const messagePolicies = ['File', 'FallbackToLogsOnError'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const resizable = ['cpu', 'memory'];
const resizePolicies = ['NotRequired', 'RestartContainer'];

/** Adds what is wrong with a pod's containers of every sort (core validation: validateContainers). */
export function checkContainers(faults: Faults, at: string, spec: PodSpec, volumes: Volumes): void {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  if (containers.length === 0) faults.required(`${at}.containers`);
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const place = `${at}.containers[${String(index)}]`;
    checkContainer(faults, place, container, spec, volumes);
    if (names.has(container.name)) faults.duplicate(`${place}.name`, container.name);
    names.add(container.name);
    checkLifecycle(faults, `${place}.lifecycle`, container.lifecycle, spec.terminationGracePeriodSeconds);
    checkProbes(faults, place, container);
    if (container.restartPolicy !== undefined)
      faults.forbidden(`${place}.restartPolicy`, 'may not be set for non-init containers');
  }
  checkHostPorts(faults, `${at}.containers`, containers);
  for (const [index, container] of initContainers.entries()) {
    const place = `${at}.initContainers[${String(index)}]`;
    checkContainer(faults, place, container, spec, volumes);
    checkInitContainer(faults, place, container, spec);
    if (names.has(container.name)) faults.duplicate(`${place}.name`, container.name);
    if (container.name) names.add(container.name);
    // Init containers run one after the other: each may have a port that another has.
    checkHostPorts(faults, `${at}.initContainers`, [container]);
  }
  const targets = new Set(names);
  for (const [index, container] of ephemeralContainers.entries()) {
    const place = `${at}.ephemeralContainers[${String(index)}]`;
    checkContainer(faults, place, container, spec, volumes);
    checkImageSpaces(faults, place, container);
    if (names.has(container.name)) faults.duplicate(`${place}.name`, container.name);
    names.add(container.name);
    checkEphemeralContainer(faults, place, container, targets);
  }
}

/** What holds for containers of every sort. */
function checkContainer(
  faults: Faults,
  at: string,
  container: Container,
  spec: PodSpec,
  volumes: Volumes,
): void {
  const { name, image, ports, env, envFrom, resizePolicy } = container;
  if (!name) faults.required(`${at}.name`);
  else faults.invalid(`${at}.name`, name, nameFault('label', name));
  if (!image) faults.required(`${at}.image`);
  faults.requiredOneOf(`${at}.terminationMessagePolicy`, container.terminationMessagePolicy, messagePolicies);
  if (ports) checkPorts(faults, `${at}.ports`, ports);
  if (env) checkVariables(faults, `${at}.env`, env);
  if (envFrom) checkVariableSources(faults, `${at}.envFrom`, envFrom);
  checkMounts(faults, `${at}.volumeMounts`, container, volumes);
  checkDevices(faults, `${at}.volumeDevices`, container, volumes);
  faults.requiredOneOf(`${at}.imagePullPolicy`, container.imagePullPolicy, pullPolicies);
  checkContainerResources(faults, `${at}.resources`, container.resources, spec.resourceClaims ?? []);
  if (resizePolicy) checkResizePolicy(faults, `${at}.resizePolicy`, resizePolicy, spec);
  if (container.securityContext)
    checkSecurityContext(faults, `${at}.securityContext`, container.securityContext, spec);
}

/** Pods, but not templates of them, refuse an image with spaces around it. */
export function checkImageSpaces(faults: Faults, at: string, { image = '' }: Container): void {
  if (image.trim() !== image)
    faults.invalid(`${at}.image`, image, 'must not have leading or trailing whitespace');
}

function checkPorts(faults: Faults, at: string, ports: readonly ContainerPort[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const place = `${at}[${String(index)}]`;
    const { name = '', containerPort = 0, hostPort = 0, protocol } = port;
    if (name !== '') {
      const wrong = portNameFaults(name);
      if (wrong.length > 0) faults.invalid(`${place}.name`, name, wrong);
      else if (names.has(name)) faults.duplicate(`${place}.name`, name);
      names.add(name);
    }
    if (containerPort === 0) faults.required(`${place}.containerPort`);
    else faults.invalid(`${place}.containerPort`, containerPort, portNumberFault(containerPort));
    if (hostPort !== 0) faults.invalid(`${place}.hostPort`, hostPort, portNumberFault(hostPort));
    faults.requiredOneOf(`${place}.protocol`, protocol, protocols);
  }
}

/** No two of the containers take the same port of their node. */
function checkHostPorts(faults: Faults, at: string, containers: readonly Container[]): void {
  let taken: Set<string> | undefined;
  for (const [index, { ports }] of containers.entries()) {
    for (const [number, { hostPort, protocol = '', hostIP = '' }] of (ports ?? []).entries()) {
      if (!hostPort) continue;
      taken ??= new Set();
      const key = `${protocol}/${hostIP}/${String(hostPort)}`;
      if (taken.has(key)) faults.duplicate(`${at}[${String(index)}].ports[${String(number)}].hostPort`, key);
      taken.add(key);
    }
  }
}

function checkResizePolicy(
  faults: Faults,
  at: string,
  policies: NonNullable<Container['resizePolicy']>,
  spec: PodSpec,
): void {
  const seen = new Set<string>();
  for (const [index, { resourceName = '', restartPolicy = '' }] of policies.entries()) {
    if (seen.has(resourceName)) faults.duplicate(`${at}[${String(index)}]`, resourceName);
    seen.add(resourceName);
    faults.requiredOneOf(at, resourceName, resizable);
    faults.requiredOneOf(at, restartPolicy, resizePolicies);
    if (spec.restartPolicy === 'Never' && restartPolicy !== 'NotRequired')
      faults.invalid(at, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
  }
}

/** Init containers end, so they have no probes and no hooks, unless they run beside the others. */
function checkInitContainer(faults: Faults, at: string, container: Container, spec: PodSpec): void {
  faults.oneOf(`${at}.restartPolicy`, container.restartPolicy, ['Always']);
  if (isSidecar(container)) {
    checkLifecycle(faults, `${at}.lifecycle`, container.lifecycle, spec.terminationGracePeriodSeconds);
    checkProbes(faults, at, container);
    return;
  }
  for (const member of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[member] !== undefined)
      faults.forbidden(`${at}.${member}`, 'may not be set for init containers without restartPolicy=Always');
  }
}

const forbiddenForEphemeral = [
  'ports',
  'resources',
  'resizePolicy',
  'lifecycle',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'restartPolicy',
] as const;

function checkEphemeralContainer(
  faults: Faults,
  at: string,
  container: EphemeralContainer,
  targets: ReadonlySet<string>,
): void {
  const { targetContainerName = '', volumeMounts = [] } = container;
  if (targetContainerName !== '' && !targets.has(targetContainerName))
    faults.notFound(`${at}.targetContainerName`, targetContainerName);
  for (const member of forbiddenForEphemeral) {
    const value = container[member];
    const isEmpty = value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
    if (!isEmpty) faults.forbidden(`${at}.${member}`, 'cannot be set for an Ephemeral Container');
  }
  for (const [index, mount] of volumeMounts.entries()) {
    for (const member of ['subPath', 'subPathExpr'] as const) {
      const place = `${at}.volumeMounts[${String(index)}].${member}`;
      if (mount[member]) faults.forbidden(place, 'cannot be set for an Ephemeral Container');
    }
  }
}
