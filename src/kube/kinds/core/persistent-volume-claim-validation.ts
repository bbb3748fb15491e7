import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { milliValue } from '../../../units/index.js';
import { differenceText } from '../pod/index.js';
import type { VolumeClaimSpec } from '../pod/index.js';
import { checkClaimSpec } from './claim-spec-validation.js';

interface Claim extends KubeObject {
  readonly spec?: VolumeClaimSpec;
  readonly status?: {
    readonly phase?: string;
    readonly capacity?: Readonly<Record<string, string>>;
  };
}

/** Everything wrong with a claim, new or changed (core validation: ValidatePersistentVolumeClaim). */
export const claimErrors = validation<Claim>((faults, claim, before) => {
  checkClaimSpec(faults, 'spec', claim.spec ?? {});
  if (before) checkClaimUpdate(faults, claim, before);
});

const storageOf = (spec: VolumeClaimSpec | undefined): string =>
  spec?.resources?.requests?.['storage'] ?? '0';

/** A claim stays as it is, but that it is bound, and grows (Kubernetes: expanding persistent volumes claims). */
function checkClaimUpdate(faults: Faults, { spec = {}, status }: Claim, before: Claim): void {
  const was = before.spec ?? {};
  const isBound = status?.phase === 'Bound';
  const compared = {
    ...spec,
    ...(!was.volumeName && pick(was, 'volumeName')),
    ...(was.storageClassName === undefined && pick(was, 'storageClassName')),
    ...(isBound && pick(was, 'volumeAttributesClassName')),
    ...(isBound && spec.resources?.requests && { resources: withStorage(spec, storageOf(was)) }),
  };
  if (canonicalJson(compared) !== canonicalJson(was)) {
    const text =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    const difference = differenceText('core.PersistentVolumeClaimSpec', was, compared);
    faults.forbidden('spec', `${text}\n${difference}`);
  }
  const size = milliValue(storageOf(spec));
  if (size < milliValue(storageOf(was)) && size <= milliValue(before.status?.capacity?.['storage'] ?? '0')) {
    faults.forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity');
  }
  faults.immutable('volumeMode', spec.volumeMode ?? null, spec.volumeMode === was.volumeMode);
  if (was.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    faults.forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden');
}

/** A member as it is; one that is absent is undefined, which no text shows. */
const pick = (spec: VolumeClaimSpec, member: keyof VolumeClaimSpec): object => ({ [member]: spec[member] });

const withStorage = ({ resources }: VolumeClaimSpec, storage: string): object => ({
  ...resources,
  requests: { ...resources?.requests, storage },
});
