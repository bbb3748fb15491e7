import { claimsOf } from '../../kube/index.js';
import type { Pod, VolumeAttachment } from '../../kube/index.js';
import type { Plugin } from '../framework/plugin.js';
import { unschedulable } from '../framework/refusal.js';
import { isOwnClaim } from '../volumes/hints.js';
import { exceedsLimits, nodeVolumes, volumesOf } from '../volumes/node-volumes.js';
import { VolumeObjects } from '../volumes/objects.js';

const name = 'NodeVolumeLimits';
const full = unschedulable(name, 'node(s) exceed max volume count');

/** Keeps a pod off nodes that can't take its disks beside those they have. */
export const nodeVolumeLimits: Plugin = {
  name,
  dependsOn: 'objects',
  wakesOn: (event, { pod }) => {
    switch (event.kind) {
      case 'node added':
        return true;
      case 'pod removed':
        return bringsVolumes(event.info.pod);
      case 'object changed':
        switch (event.of) {
          case 'csinodes':
            return event.after !== undefined;
          case 'persistentvolumeclaims':
            return event.before === undefined && isOwnClaim(pod, event);
          case 'volumeattachments':
            // A volume that has left a node makes room there, whichever it was.
            return event.after === undefined && isOfNode(event.before as VolumeAttachment | undefined);
          default:
            return false;
        }
      default:
        return false;
    }
  },
  compile: (subject, context) => {
    const { pod } = subject;
    if (!bringsVolumes(pod)) return undefined;
    const objects = new VolumeObjects(context);
    const claimed = volumesOf(objects, pod, false);
    const all = volumesOf(objects, pod, true);
    if (all.size === 0) return undefined;
    return {
      filter: (node) => {
        const volumes = nodeVolumes(objects, context.cache, node);
        return exceedsLimits(volumes, volumes.takesInlineDisks ? all : claimed) ? full : undefined;
      },
    };
  },
};

const bringsVolumes = (pod: Pod): boolean =>
  claimsOf(pod).length > 0 || pod.spec.volumes?.some(({ azureDisk }) => azureDisk !== undefined) === true;

const isOfNode = (attachment: VolumeAttachment | undefined): boolean =>
  attachment?.spec.nodeName !== undefined;
