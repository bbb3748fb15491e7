import type { PersistentVolume } from '../../objects.js';
import { refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { claimOf, classNamed, classNameOf, volumeNamed } from './volumes.js';

const zoneLabels = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
] as const;

interface Place {
  readonly label: string;
  readonly values: readonly string[];
}

/** A volume that has labels of zone or region is for nodes with the same ones; nodes without any such label are not held to it. */
export const volumeZone: Plugin = {
  name: 'VolumeZone',
  hasPreFilter: true,
  prepare: ({ input, pod }) => {
    const places: Place[] = [];
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const claim = claimOf(input, pod, persistentVolumeClaim.claimName);
      if (claim === undefined)
        return {
          kind: 'reject',
          message: `persistentvolumeclaim "${persistentVolumeClaim.claimName}" not found`,
        };
      const name = claim.spec.volumeName ?? '';
      if (name === '') {
        const className = classNameOf(claim);
        if (className === '')
          return { kind: 'reject', message: 'PersistentVolumeClaim had no pv name and storageClass name' };
        const mode = classNamed(input, className)?.volumeBindingMode;
        if (classNamed(input, className) === undefined)
          return { kind: 'reject', message: `storageclass.storage.k8s.io "${className}" not found` };
        if (mode === 'WaitForFirstConsumer') continue;
        return { kind: 'reject', message: 'PersistentVolume had no name' };
      }
      const volume = volumeNamed(input, name);
      if (volume === undefined) return { kind: 'reject', message: `persistentvolume "${name}" not found` };
      places.push(...placesOf(volume));
    }
    if (places.length === 0) return { kind: 'skip' };
    return {
      kind: 'filter',
      filter: ({ labels }) => {
        if (!zoneLabels.some((label) => labels[label] !== undefined)) return undefined;
        const fits = places.every(({ label, values }) => {
          const value = labels[label] ?? labels[currentLabel(label)];
          return value !== undefined && values.includes(value);
        });
        return fits ? undefined : refused('UU', 'node(s) had no available volume zone');
      },
    };
  },
};

/** A label may list several zones, with `__` between them; one that lists an empty one says nothing. */
const placesOf = ({ metadata }: PersistentVolume): readonly Place[] =>
  zoneLabels.flatMap((label) => {
    const values = metadata.labels?.[label]?.split('__').map((value) => value.trim());
    return values === undefined || values.includes('') ? [] : [{ label, values }];
  });

const currentLabel = (label: string): string =>
  label.replace('failure-domain.beta.kubernetes.io/', 'topology.kubernetes.io/');
