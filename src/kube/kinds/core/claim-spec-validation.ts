import type { Faults } from '../../api/field-error.js';
import { nameFault } from '../../api/names.js';
import { milliValue } from '../../../units/index.js';
import type { DataSource, VolumeClaimSpec } from '../pod/volume.js';
import { checkLabelSelector } from '../selector-validation.js';

export const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];

/** Adds what is wrong with how a volume may be used: at least one mode, and one pod alone or not. */
export function checkAccessModes(faults: Faults, at: string, modes: readonly string[]): void {
  for (const mode of modes) faults.oneOf(at, mode, accessModes);
  const isOthers = (mode: string): boolean => mode !== 'ReadWriteOncePod' && accessModes.includes(mode);
  if (modes.includes('ReadWriteOncePod') && modes.some(isOthers))
    faults.forbidden(at, 'may not use ReadWriteOncePod with other access modes');
}

/** Adds what is wrong with what a claim asks for (core validation: ValidatePersistentVolumeClaimSpec). */
export function checkClaimSpec(faults: Faults, at: string, spec: VolumeClaimSpec): void {
  const { accessModes: modes = [], storageClassName, volumeAttributesClassName, volumeMode } = spec;
  if (modes.length === 0) faults.required(`${at}.accessModes`, 'at least 1 access mode is required');
  checkLabelSelector(faults, `${at}.selector`, spec.selector);
  checkAccessModes(faults, `${at}.accessModes`, modes);
  const storage = spec.resources?.requests?.['storage'];
  if (storage === undefined) faults.required(`${at}.resources[storage]`);
  else if (milliValue(storage) <= 0)
    faults.invalid(`${at}.resources[storage]`, storage, 'must be greater than zero');
  if (storageClassName)
    faults.invalid(`${at}.storageClassName`, storageClassName, nameFault('subdomain', storageClassName));
  faults.oneOf(`${at}.volumeMode`, volumeMode, volumeModes);
  checkSource(faults, `${at}.dataSource`, spec.dataSource);
  checkSource(faults, `${at}.dataSourceRef`, spec.dataSourceRef);
  const { dataSource: one, dataSourceRef: other } = spec;
  if (one && other) {
    const isSame = one.kind === other.kind && one.name === other.name && one.apiGroup === other.apiGroup;
    if (other.namespace)
      faults.invalid(
        at,
        `${at}.dataSource`,
        'may not be specified when dataSourceRef.namespace is specified',
      );
    else if (!isSame) faults.invalid(at, `${at}.dataSource`, 'must match dataSourceRef');
  }
  if (volumeAttributesClassName) {
    const field = `${at}.volumeAttributesClassName`;
    faults.invalid(field, volumeAttributesClassName, nameFault('subdomain', volumeAttributesClassName));
  }
}

function checkSource(faults: Faults, at: string, source: DataSource | undefined): void {
  if (!source) return;
  const { apiGroup = '', kind = '', name = '' } = source;
  if (name === '') faults.required(`${at}.name`);
  if (kind === '') faults.required(`${at}.kind`);
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim')
    faults.invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  if (apiGroup !== '') faults.invalid(`${at}.apiGroup`, apiGroup, nameFault('subdomain', apiGroup));
}
