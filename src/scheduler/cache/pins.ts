import type { Pod } from '../../kube/index.js';

/**
 * The node that a pod names in the way that DaemonSets do: by its one required term. Such pods are alike but for the node, and
 * only that node is ever looked at for them.
 */
export function pinOf({ spec }: Pod): string | undefined {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const [term] = terms ?? [];
  if (!term || terms?.length !== 1 || term.matchFields?.length !== 1) return undefined;
  const [field] = term.matchFields;
  if (field?.key !== 'metadata.name' || field.operator !== 'In' || field.values?.length !== 1)
    return undefined;
  return field.values[0];
}
