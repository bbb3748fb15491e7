import { builtInTypes, clusterProfiles, nodes, pods } from '../../kube/index.js';
import type { Collection } from '../../store/index.js';
import { objectKinds } from '../framework/cluster-event.js';
import type { ObjectKind } from '../framework/cluster-event.js';

const collectionOf = (plural: string): Collection<never> => {
  const type = builtInTypes.find((one) => one.plural === plural);
  if (!type) throw new Error(`There is no kind called ${plural}`);
  return type.collection;
};

export const namespaces = collectionOf('namespaces');
export const services = collectionOf('services');
export const budgets = collectionOf('poddisruptionbudgets');

/** Kinds beside nodes and pods whose objects matter to pods, by the names of their collections. */
export const objectKindOf: ReadonlyMap<string, ObjectKind> = new Map(
  objectKinds.map((plural) => [collectionOf(plural).name, plural]),
);

/** All that a scheduler follows. */
export const followed: readonly Collection<never>[] = [
  pods.collection,
  nodes,
  clusterProfiles,
  namespaces,
  services,
  budgets,
  ...builtInTypes.map(({ collection }) => collection).filter(({ name }) => objectKindOf.has(name)),
];
