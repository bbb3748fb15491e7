import { backstepFault } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { nameFault } from '../../api/names.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { milliValue } from '../../../units/index.js';
import { checkDriverName, checkNodeSelector, differenceText } from '../pod/index.js';
import type { NodeSelector } from '../pod/index.js';
import { checkAccessModes, volumeModes } from './claim-spec-validation.js';

interface VolumeSpec {
  readonly accessModes?: readonly string[];
  readonly capacity?: Readonly<Record<string, string>>;
  readonly persistentVolumeReclaimPolicy?: string;
  readonly nodeAffinity?: { readonly required?: NodeSelector };
  readonly storageClassName?: string;
  readonly volumeMode?: string;
  readonly volumeAttributesClassName?: string;
  readonly claimRef?: unknown;
  readonly mountOptions?: readonly string[];
  readonly hostPath?: { readonly path?: string };
  readonly nfs?: { readonly server?: string; readonly path?: string };
  readonly local?: { readonly path?: string };
  readonly csi?: { readonly driver?: string; readonly volumeHandle?: string };
  readonly azureFile?: { readonly secretName?: string; readonly shareName?: string };
  readonly azureDisk?: { readonly diskName?: string; readonly diskURI?: string };
}

interface PersistentVolume extends KubeObject {
  readonly spec?: VolumeSpec;
}

const otherMembers: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'persistentVolumeReclaimPolicy',
  'nodeAffinity',
  'storageClassName',
  'volumeMode',
  'volumeAttributesClassName',
  'claimRef',
  'mountOptions',
]);

/** What a volume is on: all that is not said of every volume. */
const sourceOf = (spec: VolumeSpec): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(spec).filter(([name]) => !otherMembers.has(name)));

/** Everything wrong with a volume, new or changed (core validation: ValidatePersistentVolume). */
export const volumeErrors = validation<PersistentVolume>((faults, { spec = {} }, before) => {
  const { accessModes = [], capacity = {}, nodeAffinity, storageClassName, volumeAttributesClassName } = spec;
  if (accessModes.length === 0) faults.required('spec.accessModes');
  checkAccessModes(faults, 'spec.accessModes', accessModes);
  checkCapacity(faults, capacity);
  const policies = ['Delete', 'Recycle', 'Retain'];
  faults.oneOf('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, policies);
  if (nodeAffinity?.required) checkNodeSelector(faults, 'spec.nodeAffinity.required', nodeAffinity.required);
  else if (nodeAffinity)
    faults.required('spec.nodeAffinity.required', 'must specify required node constraints');
  checkSource(faults, spec);
  if (storageClassName)
    faults.invalid('spec.storageClassName', storageClassName, nameFault('subdomain', storageClassName));
  faults.oneOf('spec.volumeMode', spec.volumeMode, volumeModes);
  if (volumeAttributesClassName !== undefined && !spec.csi)
    faults.required('spec.csi', 'has to be specified when using volumeAttributesClassName');
  if (before?.spec) checkVolumeUpdate(faults, spec, before.spec);
});

function checkCapacity(faults: Faults, capacity: Readonly<Record<string, string>>): void {
  const names = Object.keys(capacity);
  if (names.length === 0) faults.required('spec.capacity');
  if (capacity['storage'] === undefined || names.length > 1) {
    const detail = 'supported values: "storage"';
    faults.add({ type: 'notSupported', field: 'spec.capacity', value: capacity, detail });
  }
  for (const name of names) {
    const amount = capacity[name] ?? '0';
    if (milliValue(amount) <= 0)
      faults.invalid(`spec.capacity[${name}]`, amount, 'must be greater than zero');
  }
}

function checkSource(faults: Faults, spec: VolumeSpec): void {
  const [first, ...more] = Object.keys(sourceOf(spec));
  if (first === undefined) faults.required('spec', 'must specify a volume type');
  for (const name of more) faults.forbidden(`spec.${name}`, 'may not specify more than 1 volume type');
  const { hostPath, nfs, local, csi, azureFile, azureDisk } = spec;
  const requireText = (source: string, member: string, value: string | undefined): void => {
    if (!value) faults.required(`spec.${source}.${member}`);
  };
  if (hostPath) {
    requireText('hostPath', 'path', hostPath.path);
    faults.invalid('spec.hostPath.path', hostPath.path, backstepFault(hostPath.path ?? ''));
  }
  if (nfs) {
    requireText('nfs', 'server', nfs.server);
    requireText('nfs', 'path', nfs.path);
    if (!nfs.path?.startsWith('/'))
      faults.invalid('spec.nfs.path', nfs.path ?? '', 'must be an absolute path');
  }
  if (local) {
    requireText('local', 'path', local.path);
    if (!spec.nodeAffinity) faults.required('spec.nodeAffinity', 'Local volume requires node affinity');
  }
  if (csi) {
    checkDriverName(faults, 'spec.csi.driver', csi.driver ?? '');
    requireText('csi', 'volumeHandle', csi.volumeHandle);
  }
  if (azureFile) {
    requireText('azureFile', 'secretName', azureFile.secretName);
    requireText('azureFile', 'shareName', azureFile.shareName);
  }
  if (azureDisk) {
    requireText('azureDisk', 'diskName', azureDisk.diskName);
    requireText('azureDisk', 'diskURI', azureDisk.diskURI);
  }
  if (hostPath?.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const text = "may not be 'recycle' for a hostPath mount of '/'";
    faults.forbidden('spec.persistentVolumeReclaimPolicy', text);
  }
}

function checkVolumeUpdate(faults: Faults, spec: VolumeSpec, before: VolumeSpec): void {
  const [now, was] = [sourceOf(spec), sourceOf(before)];
  if (canonicalJson(now) !== canonicalJson(was)) {
    const difference = differenceText('core.PersistentVolumeSource', was, now);
    const text = `spec.persistentvolumesource is immutable after creation\n${difference}`;
    faults.forbidden('spec.persistentvolumesource', text);
  }
  faults.immutable('volumeMode', spec.volumeMode ?? null, spec.volumeMode === before.volumeMode);
  if (before.nodeAffinity && canonicalJson(spec.nodeAffinity) !== canonicalJson(before.nodeAffinity)) {
    const text = 'field is immutable, except for updating from beta label to GA';
    faults.invalid('nodeAffinity', spec.nodeAffinity ?? null, text);
  }
}
