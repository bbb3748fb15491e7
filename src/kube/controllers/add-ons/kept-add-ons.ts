import { defineCollection } from '../../../store/index.js';

/** What has been made of AKS's workloads in a cluster. */
export interface KeptAddOns {
  readonly cluster: string;
  /** Digests of the bodies by `<collection>|<key>`, of objects that are there because of the cluster's profile. */
  readonly applied: Readonly<Record<string, string>>;
}

/** What has been made, by cluster. */
export const keptAddOns = defineCollection<KeptAddOns>('kube/add-ons', {
  byCluster: ({ cluster }) => cluster,
});
