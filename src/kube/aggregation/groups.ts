import type { ClusterKinds } from '../custom/index.js';
import { compareVersions } from '../custom/index.js';
import { computedTypes } from '../computed/index.js';
import { apiVersionOf } from '../resource-type.js';
import { own } from '../../units/index.js';

/** A kind that is only ever created: a question that the server answers, or an order that it carries out. */
export interface ReviewKind {
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const review = (kind: string, namespaced = false): ReviewKind => ({
  plural: `${kind.toLowerCase()}s`,
  kind,
  namespaced,
});

/** The kinds that are only created, by group and version. */
export const reviews: ReadonlyMap<string, readonly ReviewKind[]> = new Map([
  ['v1', [review('Binding', true)]],
  ['authentication.k8s.io/v1', [review('SelfSubjectReview'), review('TokenReview')]],
  [
    'authorization.k8s.io/v1',
    [
      review('LocalSubjectAccessReview', true),
      review('SelfSubjectAccessReview'),
      review('SelfSubjectRulesReview'),
      review('SubjectAccessReview'),
    ],
  ],
]);

/** Groups by how much they come first: clients look a name up in the first that has it (API server: group priorities). */
const groupPriorities: Readonly<Record<string, number>> = {
  '': 18_000,
  'apiregistration.k8s.io': 18_000,
  apps: 17_800,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'networking.k8s.io': 17_200,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'storage.k8s.io': 16_800,
  'apiextensions.k8s.io': 16_700,
  'admissionregistration.k8s.io': 16_700,
  'scheduling.k8s.io': 16_600,
  'coordination.k8s.io': 16_500,
  'node.k8s.io': 16_300,
  'discovery.k8s.io': 16_200,
  'flowcontrol.apiserver.k8s.io': 16_100,
  'resource.k8s.io': 15_900,
  'metrics.k8s.io': 100,
};
const customPriority = 1000;

export const groupOf = (groupVersion: string): string =>
  groupVersion.includes('/') ? (groupVersion.split('/')[0] ?? '') : '';
export const versionOf = (groupVersion: string): string => groupVersion.split('/').at(-1) ?? '';

/** How much a group comes before others. */
export const groupPriority = (group: string): number => own(groupPriorities, group) ?? customPriority;

/** True for a group of this code's own. */
export const isBuiltInGroup = (group: string): boolean => Object.hasOwn(groupPriorities, group);

const known = new WeakMap<ClusterKinds, readonly string[]>();

/** Every group and version that a cluster serves: the core group first, preferred versions before others. */
export function groupVersionsOf(kinds: ClusterKinds): readonly string[] {
  const found = known.get(kinds);
  if (found) return found;
  const made = inOrder([
    ...kinds.served.map(apiVersionOf),
    ...reviews.keys(),
    ...computedTypes.map(apiVersionOf),
  ]);
  known.set(kinds, made);
  return made;
}

/** Groups and versions in the order in which they are told, each once. */
export function inOrder(groupVersions: readonly string[]): readonly string[] {
  const compare = (a: string, b: string): number => {
    const [one, other] = [groupOf(a), groupOf(b)];
    if (one === other) return compareVersions(versionOf(a), versionOf(b));
    return groupPriority(other) - groupPriority(one) || (one < other ? -1 : 1);
  };
  return [...new Set(groupVersions)].sort(compare);
}
