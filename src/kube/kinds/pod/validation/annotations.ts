import type { Faults } from '../../../api/field-error.js';

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const mirror = 'kubernetes.io/config.mirror';

export type Annotations = Readonly<Record<string, string>>;

/** Annotations of pods that mean something to Kubernetes (core validation: ValidatePodSpecificAnnotations). */
export function checkPodAnnotations(
  faults: Faults,
  at: string,
  annotations: Annotations,
  nodeName: string | undefined,
): void {
  const cost = annotations[deletionCost];
  if (cost !== undefined && !(/^(0|-?[1-9]\d*)$/.test(cost) && Math.abs(Number(cost)) < 2 ** 31)) {
    faults.invalid(`${at}[${deletionCost}]`, cost, 'must be a 32bit integer');
  }
  if (annotations[mirror] !== undefined && !nodeName)
    faults.invalid(`${at}[${mirror}]`, '', 'must set spec.nodeName if mirror pod annotation is set');
}
