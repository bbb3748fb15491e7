import { ingressClasses, ingresses } from '../kinds/index.js';
import type { ObjectMeta } from '../object.js';
import type { Draft } from '../resource-type.js';
import { onCreate } from './plugin.js';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Ingresses that name no class get the newest that is marked as the default; of equally old ones, the first by name
 * (Kubernetes: DefaultIngressClass).
 */
export const defaultIngressClass = onCreate('DefaultIngressClass', [ingresses], {
  mutate: ({ tx, scope, draft }) => {
    const spec = draft['spec'] as Draft | undefined;
    if (!spec || spec['ingressClassName'] !== undefined) return;
    if ((draft['metadata'] as ObjectMeta).annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const [newest] = tx
      .find(ingressClasses.collection, 'byCluster', scope.cluster)
      .map(({ object }) => object.metadata)
      .filter(({ annotations }) => annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true')
      .sort((a, b) => compare(b.creationTimestamp, a.creationTimestamp) || compare(a.name, b.name));
    if (newest) spec['ingressClassName'] = newest.name;
  },
});
