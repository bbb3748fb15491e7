import { validation } from '../../../api/field-error.js';
import type { Faults } from '../../../api/field-error.js';
import { canonicalJson } from '../../../object.js';
import type { Pod } from '../pod.js';
import { checkPodAnnotations } from './annotations.js';
import { checkImageSpaces } from './containers.js';
import { checkPodSpec } from './pod-spec.js';
import { checkEphemeralUpdate, checkPodUpdate } from './update.js';

/** Everything wrong with a pod, new or changed (core validation: ValidatePodCreate, ValidatePodUpdate). */
export const podErrors = validation<Pod>((faults, pod, before) => {
  const { metadata, spec } = pod;
  if (metadata.annotations)
    checkPodAnnotations(faults, 'metadata.annotations', metadata.annotations, spec.nodeName);
  checkPodSpec(faults, 'spec', spec, { kind: 'pod', name: metadata.name });
  checkTokens(faults, pod);
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries())
      checkImageSpaces(faults, `spec.${list}[${String(index)}]`, container);
  }
  if (!before) checkNew(faults, pod);
  else {
    checkPodUpdate(faults, pod, before);
    checkEphemeralUpdate(faults, pod, before);
  }
});

/** Tokens are of a service account. */
function checkTokens(faults: Faults, { spec }: Pod): void {
  if (spec.serviceAccountName) return;
  for (const [index, { projected }] of (spec.volumes ?? []).entries()) {
    for (const [number, source] of (projected?.sources ?? []).entries()) {
      const at = `spec.volumes[${String(index)}].projected.sources[${String(number)}].serviceAccountToken`;
      if (source.serviceAccountToken)
        faults.forbidden(at, 'must not be specified when serviceAccountName is not set');
    }
  }
}

function checkNew(faults: Faults, { spec }: Pod): void {
  if ((spec.ephemeralContainers ?? []).length > 0)
    faults.forbidden('spec.ephemeralContainers', 'cannot be set on create');
  if (spec.nodeName && (spec.schedulingGates ?? []).length > 0)
    faults.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
}

/** What a pod's status may not become (core validation: ValidatePodStatusUpdate). */
export const podStatusErrors = validation<Pod>((faults, { status }, before) => {
  const { status: was, spec } = before ?? {};
  if (was?.qosClass !== undefined)
    faults.immutable('status.qosClass', status?.qosClass ?? '', status?.qosClass === was.qosClass);
  if (spec?.restartPolicy === 'Always' || spec === undefined) return;
  for (const [index, old] of (was?.containerStatuses ?? []).entries()) {
    const { terminated } = old.state;
    if (!terminated || (terminated.exitCode !== 0 && spec.restartPolicy === 'OnFailure')) continue;
    const now = status?.containerStatuses?.find(({ name }) => name === old.name);
    if (now && !now.state.terminated && canonicalJson(now.state) !== canonicalJson(old.state)) {
      const field = `status.containerStatuses[${String(index)}].state`;
      faults.forbidden(field, 'may not be transitioned to non-terminated state');
    }
  }
});
