import type { Seen, Trigger } from '../controllers/controller.js';
import { claimTerm, persistentVolumeClaims, pods, volumeAttachments } from '../kinds/index.js';
import type { VolumeAttachment } from '../kinds/index.js';
import type { Store } from '../../store/index.js';
import { volumeEntry } from './binding.js';

const keysOfUsers = (
  store: Store,
  cluster: string,
  namespace: string | undefined,
  claim: string,
): readonly string[] =>
  store.findEntries(pods.collection, 'byClaim', claimTerm(cluster, namespace, claim)).map(({ key }) => key);

/** The pods that use an attachment's volume. */
export function usersOfAttachment({ cluster, before, after }: Seen, store: Store): readonly string[] {
  const attachment = (after ?? before) as VolumeAttachment | undefined;
  const { persistentVolumeName = '' } = attachment?.spec.source ?? {};
  const { claimRef } = volumeEntry(store, cluster, persistentVolumeName)?.value.object.spec ?? {};
  return claimRef?.name === undefined ? [] : keysOfUsers(store, cluster, claimRef.namespace, claimRef.name);
}

/** The pods that use a claim. */
export function usersOfClaim({ cluster, before, after }: Seen, store: Store): readonly string[] {
  const { namespace, name = '' } = (after ?? before)?.metadata ?? {};
  return keysOfUsers(store, cluster, namespace, name);
}

/** What a pod's volumes becoming ready shows in: whoever starts pods looks again then. */
export const volumeTriggers: readonly Trigger[] = [
  { type: persistentVolumeClaims, keys: usersOfClaim },
  { type: volumeAttachments, keys: usersOfAttachment },
];
