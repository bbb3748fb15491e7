import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { qualifiedNameFaults } from '../../api/names.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';

interface StorageClass extends KubeObject {
  readonly provisioner?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
}

const most = { parameters: 512, parameterBytes: 256 * 1024 };

/** Everything wrong with a storage class, new or changed (storage validation: ValidateStorageClass). */
export const storageClassErrors = validation<StorageClass>((faults, object, before) => {
  const { provisioner = '', parameters = {}, reclaimPolicy, volumeBindingMode } = object;
  if (before) {
    const isSame = (member: keyof StorageClass): boolean =>
      canonicalJson(object[member]) === canonicalJson(before[member]);
    for (const member of ['parameters', 'provisioner'] as const) {
      if (!isSame(member)) faults.forbidden(member, `updates to ${member} are forbidden.`);
    }
    if (!isSame('reclaimPolicy'))
      faults.forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.');
    faults.immutable('volumeBindingMode', volumeBindingMode ?? null, isSame('volumeBindingMode'));
  }
  if (provisioner === '') faults.required('provisioner');
  else faults.invalid('provisioner', provisioner, qualifiedNameFaults(provisioner.toLowerCase()));
  checkParameters(faults, parameters);
  faults.oneOf('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']);
  faults.requiredOneOf('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
});

function checkParameters(faults: Faults, parameters: Readonly<Record<string, string>>): void {
  const pairs = Object.entries(parameters);
  if (pairs.length > most.parameters) {
    faults.tooLong('parameters', most.parameters);
    return;
  }
  let size = 0;
  for (const [key, value] of pairs) {
    if (key === '') faults.invalid('parameters', key, 'field can not be empty.');
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > most.parameterBytes) faults.tooLong('parameters', most.parameterBytes);
}
