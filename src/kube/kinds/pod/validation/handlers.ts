import { headerNameFault, portFaults, portNumberFault } from '../../../api/formats.js';
import type { Faults } from '../../../api/field-error.js';
import type { Handler, Probe } from '../container.js';

const handlerTypes = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

/** One thing to do, and all that it takes (core validation: validateHandler). */
function checkHandler(faults: Faults, at: string, handler: Handler, grace: number | undefined): void {
  const present = handlerTypes.filter((type) => handler[type] !== undefined);
  const [first, ...more] = present;
  if (first === undefined) faults.required(at, 'must specify a handler type');
  else checkAction(faults, `${at}.${first}`, { [first]: handler[first] }, grace);
  for (const type of more) faults.forbidden(`${at}.${type}`, 'may not specify more than 1 handler type');
}

function checkAction(
  faults: Faults,
  at: string,
  { exec, httpGet, tcpSocket, grpc, sleep }: Handler,
  grace: number | undefined,
): void {
  if (exec && (exec.command ?? []).length === 0) faults.required(`${at}.command`);
  if (httpGet) {
    if (!httpGet.path) faults.required(`${at}.path`);
    faults.invalid(`${at}.port`, httpGet.port ?? 0, portFaults(httpGet.port ?? 0));
    faults.oneOf(`${at}.scheme`, httpGet.scheme ?? '', ['HTTP', 'HTTPS']);
    for (const { name = '' } of httpGet.httpHeaders ?? []) {
      faults.invalid(`${at}.httpHeaders`, name, headerNameFault(name));
    }
  }
  if (tcpSocket) faults.invalid(`${at}.port`, tcpSocket.port ?? 0, portFaults(tcpSocket.port ?? 0));
  if (grpc) faults.invalid(`${at}.port`, grpc.port ?? 0, portNumberFault(grpc.port ?? 0));
  if (sleep && grace !== undefined && (sleep.seconds < 0 || sleep.seconds > grace)) {
    const range = `must be non-negative and less than terminationGracePeriodSeconds (${String(grace)})`;
    faults.invalid(at, sleep.seconds, range);
  }
}

export function checkLifecycle(
  faults: Faults,
  at: string,
  lifecycle: { readonly postStart?: Handler; readonly preStop?: Handler } | undefined,
  grace: number | undefined,
): void {
  if (lifecycle?.postStart) checkHandler(faults, `${at}.postStart`, lifecycle.postStart, grace);
  if (lifecycle?.preStop) checkHandler(faults, `${at}.preStop`, lifecycle.preStop, grace);
}

function checkProbe(faults: Faults, at: string, probe: Probe): void {
  checkHandler(faults, at, probe, undefined);
  faults.nonNegative(`${at}.initialDelaySeconds`, probe.initialDelaySeconds);
  faults.nonNegative(`${at}.timeoutSeconds`, probe.timeoutSeconds);
  faults.nonNegative(`${at}.periodSeconds`, probe.periodSeconds);
  faults.nonNegative(`${at}.successThreshold`, probe.successThreshold);
  faults.nonNegative(`${at}.failureThreshold`, probe.failureThreshold);
  const { terminationGracePeriodSeconds: grace } = probe;
  if (grace !== undefined && grace <= 0)
    faults.invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than 0');
}

/** Liveness and startup probes succeed at their first success. */
function checkSingleSuccess(faults: Faults, at: string, { successThreshold }: Probe): void {
  if (successThreshold !== 1) faults.invalid(`${at}.successThreshold`, successThreshold ?? 0, 'must be 1');
}

export function checkProbes(
  faults: Faults,
  at: string,
  probes: { readonly livenessProbe?: Probe; readonly readinessProbe?: Probe; readonly startupProbe?: Probe },
): void {
  const { livenessProbe, readinessProbe, startupProbe } = probes;
  if (livenessProbe) {
    checkProbe(faults, `${at}.livenessProbe`, livenessProbe);
    checkSingleSuccess(faults, `${at}.livenessProbe`, livenessProbe);
  }
  if (readinessProbe) {
    checkProbe(faults, `${at}.readinessProbe`, readinessProbe);
    const { terminationGracePeriodSeconds: grace } = readinessProbe;
    if (grace !== undefined) {
      const field = `${at}.readinessProbe.terminationGracePeriodSeconds`;
      faults.invalid(field, grace, 'must not be set for readinessProbes');
    }
  }
  if (startupProbe) {
    checkProbe(faults, `${at}.startupProbe`, startupProbe);
    checkSingleSuccess(faults, `${at}.startupProbe`, startupProbe);
  }
}
