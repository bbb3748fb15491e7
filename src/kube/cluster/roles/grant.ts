import type { PolicyRule } from '../../authorization/index.js';

export const read = ['get', 'list', 'watch'];
export const write = ['create', 'update', 'patch', 'delete', 'deletecollection'];
export const all = ['*'];

/** A rule on resources of one group. */
export const on = (group: string, resources: string, verbs: readonly string[]): PolicyRule => ({
  verbs,
  apiGroups: [group],
  resources: resources.split(' '),
});

/** Writing events, of either group. */
export const records: PolicyRule = {
  verbs: ['create', 'patch', 'update'],
  apiGroups: ['', 'events.k8s.io'],
  resources: ['events'],
};

/** A rule on paths. */
export const onPaths = (paths: readonly string[], verbs: readonly string[] = ['get']): PolicyRule => ({
  verbs,
  nonResourceURLs: paths,
});

/** A cluster role as a new cluster has it. */
export interface DefaultRole {
  readonly rules: readonly PolicyRule[];
  /** Further labels, by which other roles take its rules. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The label of the roles whose rules it takes. */
  readonly aggregates?: string;
}
