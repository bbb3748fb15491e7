import type { KubeNode } from '../../../kube/index.js';
import { templateNode } from '../../../nodepools/index.js';
import type { Question } from '../question.js';

/** All nodes that there are, and the next one of each pool. */
export function templatesOf({ pools, strays, managed, catalog, now }: Question): readonly KubeNode[] {
  return [
    ...strays,
    ...pools.flatMap(({ pool, nodes, size }) => {
      const [zone] = pool.properties.availabilityZones ?? [];
      const template = { pool, cluster: managed, catalog, now, ...(zone !== undefined && { zone }) };
      return size ? [...nodes, templateNode(template)] : nodes;
    }),
  ];
}
