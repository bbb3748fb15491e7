import type { KubeNode, PersistentVolume, StorageClass } from '../../kube/index.js';
import { canonicalJson } from '../../kube/index.js';
import type { Plugin } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';
import { isNodePlaced, isOwnClaim } from '../volumes/hints.js';
import { podClaims } from '../volumes/pod-claims.js';

const name = 'VolumeZone';
const elsewhere = unresolvable(name, 'node(s) had no available volume zone');

/** The labels that name zones and regions, and the newer ones that nodes may have in their place. */
const zoneLabels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
};

/** Places that a volume's label names. */
interface Places {
  readonly label: string;
  readonly names: ReadonlySet<string>;
}

/** Keeps a pod in the zones that its volumes are labelled with. */
export const volumeZone: Plugin = {
  name,
  dependsOn: 'objects',
  wakesOn: (event, { pod }) => {
    if (isNodePlaced(event)) return true;
    if (event.kind !== 'object changed' || !event.after) return false;
    const { before, after } = event;
    switch (event.of) {
      case 'persistentvolumeclaims':
        return isOwnClaim(pod, event);
      case 'persistentvolumes':
        return !before || zonesText(before as PersistentVolume) !== zonesText(after as PersistentVolume);
      case 'storageclasses':
        return !before && (after as StorageClass).volumeBindingMode === 'WaitForFirstConsumer';
      default:
        return false;
    }
  },
  compile: (subject, context) => {
    const claims = podClaims(subject, context);
    const places: Places[] = [];
    for (const { volume, entry } of claims?.uses ?? []) {
      const { volumeName } = entry?.value.object.spec ?? {};
      // Claims that are made for the pod are left out.
      if (!volume.persistentVolumeClaim || !volumeName) continue;
      const found = claims?.objects.volume(volumeName);
      if (!found) return { rejection: unresolvable(name, `persistentvolume "${volumeName}" not found`) };
      places.push(...placesOf(found));
    }
    if (places.length === 0) return undefined;
    return { filter: ({ node }) => (node && isElsewhere(node, places) ? elsewhere : undefined) };
  },
};

/** The places that a volume's labels name, `a__b` being two; a label that names none well says nothing. */
function placesOf({ metadata: { labels = {} } }: PersistentVolume): readonly Places[] {
  return Object.keys(zoneLabels).flatMap((label): readonly Places[] => {
    const names = labels[label]?.split('__').map((one) => one.trim());
    return !names || names.includes('') ? [] : [{ label, names: new Set(names) }];
  });
}

const zonesText = (volume: PersistentVolume): string =>
  canonicalJson(placesOf(volume).map(({ label, names }) => [label, [...names]]));

/** A node that names neither zone nor region will do for all. */
function isElsewhere({ metadata: { labels = {} } }: KubeNode, places: readonly Places[]): boolean {
  if (!Object.keys(zoneLabels).some((label) => labels[label] !== undefined)) return false;
  return places.some(({ label, names }) => {
    const here = labels[label] ?? labels[zoneLabels[label] ?? ''];
    return here === undefined || !names.has(here);
  });
}
