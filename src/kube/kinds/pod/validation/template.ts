import type { Faults } from '../../../api/field-error.js';
import { checkLabels, qualifiedNameFaults } from '../../../api/names.js';
import type { PodTemplateSpec } from '../pod.js';
import type { Volume } from '../volume.js';
import { checkPodAnnotations } from './annotations.js';
import { checkPodSpec } from './pod-spec.js';

/** Adds what is wrong with a template of pods (core validation: ValidatePodTemplateSpec). */
export function checkPodTemplate(
  faults: Faults,
  at: string,
  template: PodTemplateSpec | undefined,
  furtherVolumes: readonly Volume[] = [],
): void {
  const { metadata = {}, spec = { containers: [] } } = template ?? {};
  checkLabels(faults, `${at}.labels`, metadata.labels);
  if (metadata.annotations) {
    for (const key of Object.keys(metadata.annotations))
      faults.invalid(`${at}.annotations`, key, qualifiedNameFaults(key.toLowerCase()));
    checkPodAnnotations(faults, `${at}.annotations`, metadata.annotations, spec.nodeName);
  }
  checkPodSpec(faults, `${at}.spec`, spec, { kind: 'template', furtherVolumes });
  if ((spec.ephemeralContainers ?? []).length > 0)
    faults.forbidden(`${at}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
}
