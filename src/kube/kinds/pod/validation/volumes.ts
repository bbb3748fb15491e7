import { backstepFault, projectedPathFault } from '../../../api/formats.js';
import type { Faults } from '../../../api/field-error.js';
import { nameFault } from '../../../api/names.js';
import { milliValue } from '../../../../units/index.js';
import { checkClaimSpec } from '../../core/claim-spec-validation.js';
import { checkLabelSelector } from '../../selector-validation.js';
import type { DownwardApiFile, KeyToPath, ProjectionSource, Volume } from '../volume.js';
import { checkFieldSelector, checkResourceSelector, fileFields } from './environment.js';

/** A pod's volumes by name, of those that are sound: mounts look for theirs here. */
export type Volumes = ReadonlyMap<string, Volume>;

const noVolumes: Volumes = new Map();

/** Adds what is wrong with volumes; `podName` is that of the pod they are of, when it is known. */
export function checkVolumes(
  faults: Faults,
  at: string,
  volumes: readonly Volume[] | undefined,
  podName: string | undefined,
): Volumes {
  if (!volumes || volumes.length === 0) return noVolumes;
  const sound = new Map<string, Volume>();
  for (const [index, volume] of volumes.entries()) {
    const place = `${at}[${String(index)}]`;
    const { name = '' } = volume;
    const before = faults.errors.length;
    checkVolumeSource(faults, place, volume, podName);
    if (name === '') faults.required(`${place}.name`);
    else faults.invalid(`${place}.name`, name, nameFault('label', name));
    if (sound.has(name)) faults.duplicate(`${place}.name`, name);
    if (faults.errors.length === before) sound.set(name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim === undefined || podName === undefined) continue;
    if (volumes.some((other) => other.ephemeral && `${podName}-${other.name ?? ''}` === claim)) {
      const field = `${place}.persistentVolumeClaim.claimName`;
      faults.invalid(field, claim, 'must not reference a PVC that gets created for an ephemeral volume');
    }
  }
  return sound;
}

/** The sources in the order in which they are looked at: the first one counts, others are one too many. */
const sourceChecks: readonly (readonly [
  source: string,
  check: ((faults: Faults, at: string, volume: Volume) => void) | undefined,
])[] = [
  ['emptyDir', checkEmptyDir],
  ['hostPath', checkHostPath],
  ['gitRepo', undefined],
  ['gcePersistentDisk', undefined],
  ['awsElasticBlockStore', undefined],
  ['secret', checkSecret],
  ['nfs', checkNfs],
  ['iscsi', undefined],
  ['glusterfs', undefined],
  ['flocker', undefined],
  ['persistentVolumeClaim', checkClaim],
  ['rbd', undefined],
  ['cinder', undefined],
  ['cephfs', undefined],
  ['quobyte', undefined],
  ['downwardAPI', checkDownwardApi],
  ['fc', undefined],
  ['flexVolume', undefined],
  ['configMap', checkConfigMap],
  ['azureFile', checkAzureFile],
  ['vsphereVolume', undefined],
  ['photonPersistentDisk', undefined],
  ['portworxVolume', undefined],
  ['azureDisk', checkAzureDisk],
  ['storageos', undefined],
  ['projected', checkProjected],
  ['scaleIO', undefined],
  ['csi', checkCsi],
  ['ephemeral', checkEphemeral],
  ['image', checkImage],
];

function checkVolumeSource(faults: Faults, at: string, volume: Volume, podName: string | undefined): void {
  const members = volume as Readonly<Record<string, unknown>>;
  let isFound = false;
  for (const [source, check] of sourceChecks) {
    if (members[source] === undefined) continue;
    if (isFound) faults.forbidden(`${at}.${source}`, 'may not specify more than 1 volume type');
    else check?.(faults, `${at}.${source}`, volume);
    isFound = true;
  }
  if (!isFound) faults.required(at, 'must specify a volume type');
  if (!volume.ephemeral || !podName || !volume.name) return;
  const claim = `${podName}-${volume.name}`;
  const fault = nameFault('subdomain', claim);
  if (fault !== undefined) faults.invalid(`${at}.name`, volume.name, `PVC name "${claim}": ${fault}`);
}

const fileModeFault = 'must be a number between 0 and 0777 (octal), both inclusive';

function checkFileMode(faults: Faults, at: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) faults.invalid(at, mode, fileModeFault);
}

function checkEmptyDir(faults: Faults, at: string, { emptyDir }: Volume): void {
  if (emptyDir?.sizeLimit !== undefined && milliValue(emptyDir.sizeLimit) < 0)
    faults.forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function checkHostPath(faults: Faults, at: string, { hostPath = {} }: Volume): void {
  const { path = '', type } = hostPath;
  if (path === '') {
    faults.required(`${at}.path`);
    return;
  }
  faults.invalid(`${at}.path`, path, backstepFault(path));
  faults.oneOf(`${at}.type`, type, hostPathTypes);
}

function checkSecret(faults: Faults, at: string, { secret = {} }: Volume): void {
  if (!secret.secretName) faults.required(`${at}.secretName`);
  checkFileMode(faults, `${at}.defaultMode`, secret.defaultMode);
  checkItems(faults, `${at}.items`, secret.items);
}

function checkConfigMap(faults: Faults, at: string, { configMap = {} }: Volume): void {
  if (!configMap.name) faults.required(`${at}.name`);
  checkFileMode(faults, `${at}.defaultMode`, configMap.defaultMode);
  checkItems(faults, `${at}.items`, configMap.items);
}

function checkItems(faults: Faults, at: string, items: readonly KeyToPath[] = []): void {
  for (const [index, { key, path = '', mode }] of items.entries()) {
    const place = `${at}[${String(index)}]`;
    if (!key) faults.required(`${place}.key`);
    if (path === '') faults.required(`${place}.path`);
    else faults.invalid(`${place}.path`, path, projectedPathFault(path));
    checkFileMode(faults, `${place}.mode`, mode);
  }
}

function checkNfs(faults: Faults, at: string, { nfs = {} }: Volume): void {
  const { server, path = '' } = nfs;
  if (!server) faults.required(`${at}.server`);
  if (path === '') faults.required(`${at}.path`);
  if (!path.startsWith('/')) faults.invalid(`${at}.path`, path, 'must be an absolute path');
}

function checkClaim(faults: Faults, at: string, { persistentVolumeClaim }: Volume): void {
  if (!persistentVolumeClaim?.claimName) faults.required(`${at}.claimName`);
}

function checkDownwardApi(faults: Faults, at: string, { downwardAPI = {} }: Volume): void {
  checkFileMode(faults, `${at}.defaultMode`, downwardAPI.defaultMode);
  for (const file of downwardAPI.items ?? []) checkDownwardFile(faults, at, file);
}

function checkDownwardFile(
  faults: Faults,
  at: string,
  { path = '', fieldRef, resourceFieldRef, mode }: DownwardApiFile,
): void {
  if (path === '') faults.required(`${at}.path`);
  else faults.invalid(`${at}.path`, path, projectedPathFault(path));
  if (fieldRef) {
    checkFieldSelector(faults, `${at}.fieldRef`, fieldRef, fileFields);
    if (resourceFieldRef) {
      faults.invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
    }
  } else if (resourceFieldRef)
    checkResourceSelector(faults, `${at}.resourceFieldRef`, resourceFieldRef, 'file');
  else faults.required(at, 'one of fieldRef and resourceFieldRef is required');
  checkFileMode(faults, `${at}.mode`, mode);
}

const cachingModes = ['None', 'ReadOnly', 'ReadWrite'];
const diskKinds = ['Dedicated', 'Managed', 'Shared'];

function checkAzureDisk(faults: Faults, at: string, { azureDisk = {} }: Volume): void {
  const { diskName, diskURI = '', cachingMode, kind } = azureDisk;
  if (!diskName) faults.required(`${at}.diskName`);
  if (diskURI === '') faults.required(`${at}.diskURI`);
  faults.oneOf(`${at}.cachingMode`, cachingMode, cachingModes);
  faults.oneOf(`${at}.kind`, kind, diskKinds);
  const isManaged = kind === 'Managed';
  if (isManaged && !diskURI.startsWith('/subscriptions'))
    faults.oneOf(`${at}.diskURI`, diskURI, [
      '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}',
    ]);
  if (kind !== undefined && !isManaged && diskURI !== '' && !diskURI.startsWith('https://'))
    faults.oneOf(`${at}.diskURI`, diskURI, [
      'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd',
    ]);
}

function checkAzureFile(faults: Faults, at: string, { azureFile = {} }: Volume): void {
  if (!azureFile.secretName) faults.required(`${at}.secretName`);
  if (!azureFile.shareName) faults.required(`${at}.shareName`);
}

/** The name of a volume driver: both faults where there is none. */
export function checkDriverName(faults: Faults, at: string, driver: string): void {
  if (driver === '') faults.required(at);
  if (driver.length > 63) faults.tooLong(at, 63);
  faults.invalid(at, driver, nameFault('subdomain', driver.toLowerCase()));
}

function checkCsi(faults: Faults, at: string, { csi = {} }: Volume): void {
  const { driver = '', nodePublishSecretRef } = csi;
  checkDriverName(faults, `${at}.driver`, driver);
  if (nodePublishSecretRef && !nodePublishSecretRef.name) faults.required(`${at}.nodePublishSecretRef.name`);
}

function checkEphemeral(faults: Faults, at: string, { ephemeral = {} }: Volume): void {
  const template = ephemeral.volumeClaimTemplate;
  if (!template) faults.required(`${at}.volumeClaimTemplate`);
  else checkClaimSpec(faults, `${at}.volumeClaimTemplate.spec`, template.spec ?? {});
}

function checkImage(faults: Faults, at: string, { image = {} }: Volume): void {
  if (!image.reference) faults.required(`${at}.reference`);
  faults.oneOf(`${at}.pullPolicy`, image.pullPolicy, ['Always', 'IfNotPresent', 'Never']);
}

function checkProjected(faults: Faults, at: string, { projected = {} }: Volume): void {
  checkFileMode(faults, `${at}.defaultMode`, projected.defaultMode);
  const paths = new Set<string>();
  const claimPath = (path: string | undefined, shown: string): void => {
    if (!path) return;
    if (paths.has(path)) faults.invalid(at, shown, 'conflicting duplicate paths');
    paths.add(path);
  };
  for (const [index, source] of (projected.sources ?? []).entries()) {
    const place = `${at}.sources[${String(index)}]`;
    checkProjection(faults, at, place, source);
    const { secret, configMap, downwardAPI, clusterTrustBundle } = source;
    for (const { path } of secret?.items ?? []) claimPath(path, secret?.name ?? '');
    for (const { path } of configMap?.items ?? []) claimPath(path, configMap?.name ?? '');
    for (const { path } of downwardAPI?.items ?? []) claimPath(path, path ?? '');
    claimPath(clusterTrustBundle?.path, clusterTrustBundle?.path ?? '');
    if (Object.values(source).filter((one) => one !== undefined).length > 1)
      faults.forbidden(place, 'may not specify more than 1 volume type per source');
  }
}

const tokenSeconds = { least: 10 * 60, most: 2 ** 32 };

function checkProjection(faults: Faults, volume: string, at: string, source: ProjectionSource): void {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle } = source;
  if (secret) {
    if (!secret.name) faults.required(`${at}.secret.name`);
    checkItems(faults, `${at}.secret.items`, secret.items);
  }
  if (configMap) {
    if (!configMap.name) faults.required(`${at}.configMap.name`);
    checkItems(faults, `${at}.configMap.items`, configMap.items);
  }
  for (const file of downwardAPI?.items ?? []) checkDownwardFile(faults, `${at}.downwardAPI`, file);
  if (serviceAccountToken) {
    const { path = '', expirationSeconds = 3600 } = serviceAccountToken;
    const field = `${at}.serviceAccountToken.expirationSeconds`;
    if (expirationSeconds < tokenSeconds.least)
      faults.invalid(field, expirationSeconds, 'may not specify a duration less than 10 minutes');
    if (expirationSeconds > tokenSeconds.most)
      faults.invalid(field, expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
    // The path is told of the volume, as the API server does.
    if (path === '') faults.required(`${volume}.path`);
    else faults.invalid(`${volume}.path`, path, projectedPathFault(path));
  }
  if (clusterTrustBundle) {
    const { name, signerName, path = '', labelSelector } = clusterTrustBundle;
    const place = `${at}.clusterTrustBundle`;
    if (name !== undefined && signerName !== undefined)
      faults.invalid(place, clusterTrustBundle, 'only one of name and signerName may be used');
    if (name === undefined && signerName === undefined)
      faults.required(place, 'either name or signerName must be specified');
    checkLabelSelector(faults, `${place}.labelSelector`, labelSelector);
    if (path === '') faults.required(`${place}.path`);
    else faults.invalid(`${place}.path`, path, projectedPathFault(path));
  }
}
