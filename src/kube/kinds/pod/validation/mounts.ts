import { backstepFault, descendingPathFault } from '../../../api/formats.js';
import type { Faults } from '../../../api/field-error.js';
import type { Container } from '../container.js';
import type { Volumes } from './volumes.js';

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'IfPossible', 'Enabled'];

/** A container's mounts: each of a volume of the pod, each at a path of its own. */
export function checkMounts(faults: Faults, at: string, container: Container, volumes: Volumes): void {
  const { volumeMounts: mounts, volumeDevices: devices = [] } = container;
  if (!mounts) return;
  const paths = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const place = `${at}[${String(index)}]`;
    const { name = '', mountPath = '', subPath = '', subPathExpr = '' } = mount;
    if (name === '') faults.required(`${place}.name`);
    const volume = volumes.get(name);
    if (!volume) faults.notFound(`${place}.name`, name);
    if (mountPath === '') faults.required(`${place}.mountPath`);
    if (paths.has(mountPath)) faults.invalid(`${place}.mountPath`, mountPath, 'must be unique');
    paths.add(mountPath);
    if (devices.some((one) => one.name === name))
      faults.invalid(`${place}.name`, name, 'must not already exist in volumeDevices');
    if (devices.some((one) => one.devicePath === mountPath))
      faults.invalid(`${place}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices');
    if (volume?.image) {
      for (const member of ['subPath', 'subPathExpr'] as const) {
        if (mount[member])
          faults.invalid(`${place}.${member}`, mount[member], 'not allowed in image volume sources');
      }
    }
    // What follows is told of the list, not of its element, as the API server does.
    if (subPath !== '') faults.invalid(`${at}.subPath`, subPath, descendingPathFault(subPath));
    if (subPathExpr !== '') {
      if (subPath !== '')
        faults.invalid(`${place}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive');
      faults.invalid(`${at}.subPathExpr`, subPathExpr, descendingPathFault(subPathExpr));
    }
    const { mountPropagation, recursiveReadOnly, readOnly } = mount;
    faults.oneOf(`${at}.mountPropagation`, mountPropagation, propagations);
    if (mountPropagation === 'Bidirectional' && container.securityContext?.privileged !== true) {
      faults.forbidden(
        `${at}.mountPropagation`,
        'Bidirectional mount propagation is available only to privileged containers',
      );
    }
    faults.oneOf(`${at}.recursiveReadOnly`, recursiveReadOnly, recursions);
    if ((recursiveReadOnly === 'IfPossible' || recursiveReadOnly === 'Enabled') && readOnly !== true)
      faults.forbidden(`${at}.recursiveReadOnly`, 'may only be specified when readOnly is true');
  }
}

/** A container's raw block devices: each of a claimed volume, each at a path of its own. */
export function checkDevices(faults: Faults, at: string, container: Container, volumes: Volumes): void {
  const { volumeDevices: devices, volumeMounts: mounts = [] } = container;
  if (!devices) return;
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, { name = '', devicePath = '' }] of devices.entries()) {
    const place = `${at}[${String(index)}]`;
    const volume = volumes.get(name);
    if (name === '') faults.required(`${place}.name`);
    if (names.has(name)) faults.invalid(`${place}.name`, name, 'must be unique');
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      const sources = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      faults.invalid(`${place}.name`, name, sources);
    }
    if (!volume) faults.notFound(`${place}.name`, name);
    if (devicePath === '') faults.required(`${place}.devicePath`);
    if (paths.has(devicePath)) faults.invalid(`${place}.devicePath`, devicePath, 'must be unique');
    if (backstepFault(devicePath) !== undefined)
      faults.invalid(`${place}.devicePath`, devicePath, "can not contain backsteps ('..')");
    if (mounts.some((one) => one.name === name))
      faults.invalid(`${place}.name`, name, 'must not already exist in volumeMounts');
    if (mounts.some((one) => one.mountPath === devicePath))
      faults.invalid(`${place}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts');
    names.add(name);
    paths.add(devicePath);
  }
}
