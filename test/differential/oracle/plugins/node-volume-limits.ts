import type { Case } from '../../case.js';
import type { PersistentVolumeClaim, Pod } from '../../objects.js';
import { refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { claimNameOf, claimOf, classNamed, classNameOf, volumeNamed } from './volumes.js';

/** A node takes as many volumes of a CSI driver as the driver says there. */
export const nodeVolumeLimits: Plugin = {
  name: 'NodeVolumeLimits',
  hasPreFilter: true,
  prepare: ({ input, pod }) => {
    if (!pod.spec.volumes?.some((volume) => claimNameOf(pod, volume) !== undefined)) return { kind: 'skip' };
    return {
      kind: 'filter',
      filter: (view) => {
        const wanted = volumesOf(input, pod);
        const drivers =
          input.csiNodes?.find(({ metadata }) => metadata.name === view.name)?.spec.drivers ?? [];
        const attached = new Map(view.pods.flatMap((other) => [...volumesOf(input, other)]));
        for (const [handle, driver] of attachmentsTo(input, view.name)) attached.set(handle, driver);
        const inPods = new Set(view.pods.flatMap((other) => [...volumesOf(input, other).keys()]));
        // A volume that is attached, but that no pod of the node uses, counts as attached and again as new.
        const fresh = [...wanted].filter(([handle]) => !inPods.has(handle));
        const isOver = drivers.some(({ name, allocatable }) => {
          const count = (pairs: Iterable<readonly [string, string]>): number =>
            [...pairs].filter(([, driver]) => driver === name).length;
          return (
            allocatable?.count !== undefined &&
            count(fresh) > 0 &&
            count(attached) + count(fresh) > allocatable.count
          );
        });
        return isOver ? refused('U', 'node(s) exceed max volume count') : undefined;
      },
    };
  },
};

/** The driver of each volume of a pod, by what the volume is to that driver. */
function volumesOf(input: Case, pod: Pod): ReadonlyMap<string, string> {
  const claims = (pod.spec.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : (claimOf(input, pod, name) ?? []);
  });
  return new Map(claims.flatMap((claim) => driverAndHandle(input, claim)));
}

/** A claim without a volume yet stands for the one that its class is going to make. */
function driverAndHandle(input: Case, claim: PersistentVolumeClaim): readonly (readonly [string, string])[] {
  const volume = volumeNamed(input, claim.spec.volumeName ?? '');
  if (volume !== undefined) {
    const { csi } = volume.spec;
    return csi === undefined ? [] : [[`${csi.driver}/${csi.volumeHandle}`, csi.driver]];
  }
  const provisioner = classNamed(input, classNameOf(claim))?.provisioner;
  if (provisioner === undefined) return [];
  return [[`${provisioner}/new ${claim.metadata.namespace ?? ''}/${claim.metadata.name}`, provisioner]];
}

function attachmentsTo(input: Case, node: string): readonly (readonly [string, string])[] {
  return (input.volumeAttachments ?? []).flatMap(({ spec }) => {
    if (spec.nodeName !== node || spec.attacher === '') return [];
    const csi = volumeNamed(input, spec.source.persistentVolumeName ?? '')?.spec.csi;
    return csi === undefined ? [] : [[`${spec.attacher}/${csi.volumeHandle}`, spec.attacher] as const];
  });
}
