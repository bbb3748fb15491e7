import { claimTerm, pods } from '../../kube/index.js';
import type { Pod, PersistentVolume, Stored, VolumeAttachment } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import type { ObjectChange } from '../framework/cluster-event.js';

/** The nodes that other pods may fit on, or no more, as an object of theirs has changed; `every` where it can't be told. */
export function touchedNodes(
  reader: Reader,
  cluster: string,
  { of, before, after }: ObjectChange,
): readonly string[] | 'every' {
  const object = after ?? before;
  const { name = '', namespace } = object?.metadata ?? {};
  switch (of) {
    case 'csinodes':
      return [name];
    case 'volumeattachments':
      return [(object as VolumeAttachment).spec.nodeName];
    case 'persistentvolumeclaims':
      return nodesOfUsers(reader, cluster, namespace, name);
    case 'persistentvolumes': {
      const { claimRef } = (object as PersistentVolume).spec;
      return claimRef?.name ? nodesOfUsers(reader, cluster, claimRef.namespace, claimRef.name) : [];
    }
    case 'storageclasses':
      return 'every';
    default:
      return [];
  }
}

const nodesOfUsers = (
  reader: Reader,
  cluster: string,
  namespace: string | undefined,
  claim: string,
): readonly string[] =>
  reader
    .find(pods.collection, 'byClaim', claimTerm(cluster, namespace, claim))
    .flatMap(({ object }: Stored) => (object as Pod).spec.nodeName ?? []);
