import { builtInTypes, clusterProfiles, nodes, pods } from '../../kube/index.js';
import type { Collection } from '../../store/index.js';
import type { ObjectKind } from '../framework/cluster-event.js';

const collectionOf = (plural: string): Collection<never> => {
  const type = builtInTypes.find((one) => one.plural === plural);
  if (!type) throw new Error(`There is no kind called ${plural}`);
  return type.collection;
};

export const namespaces = collectionOf('namespaces');
export const services = collectionOf('services');
export const budgets = collectionOf('poddisruptionbudgets');

/** Objects whose changes may let a pod go on, by the name of their collection. */
export const objectKinds: ReadonlyMap<string, ObjectKind> = new Map(
  (
    [
      ['persistentvolumeclaims', 'volumes'],
      ['persistentvolumes', 'volumes'],
      ['storageclasses', 'volumes'],
      ['csinodes', 'volumes'],
      ['csidrivers', 'volumes'],
      ['csistoragecapacities', 'volumes'],
      ['volumeattachments', 'volumes'],
      ['resourceclaims', 'resource claims'],
      ['resourceslices', 'resource claims'],
      ['deviceclasses', 'resource claims'],
    ] as const
  ).map(([plural, kind]) => [collectionOf(plural).name, kind]),
);

const objects = [...objectKinds.keys()];

/** All that a scheduler follows. */
export const followed: readonly Collection<never>[] = [
  pods.collection,
  nodes,
  clusterProfiles,
  namespaces,
  services,
  budgets,
  ...builtInTypes.map(({ collection }) => collection).filter(({ name }) => objects.includes(name)),
];
