import type { KubeNode } from '../../kube/index.js';
import { isOfThisNodeAlone } from './passing-taints.js';

const hostname = 'kubernetes.io/hostname';
/** Set on templates, so that pods can tell (cluster autoscaler: since 1.33). */
const templateLabel = 'cluster-autoscaler.kubernetes.io/template-node';

/** The name of a node that a group would get. */
export const templateName = (group: string, suffix: string): string => `template-node-for-${group}-${suffix}`;

/**
 * A node as the next of its group would be: what was this node's alone is left out (cluster autoscaler: sanitizing). Labels and
 * taints that somebody set by hand stay: they have become the group's.
 */
export function cleaned({ apiVersion, kind, metadata, spec, status }: KubeNode, name: string): KubeNode {
  const taints = (spec.taints ?? []).filter((taint) => !isOfThisNodeAlone(taint));
  const { taints: _all, podCIDR: _range, podCIDRs: _ranges, providerID: _id, ...kept } = spec;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      uid: name,
      creationTimestamp: metadata.creationTimestamp,
      labels: { ...metadata.labels, [hostname]: name, [templateLabel]: 'true' },
      ...(metadata.annotations && { annotations: metadata.annotations }),
    },
    spec: { ...kept, ...(taints.length > 0 && { taints }) },
    status: {
      ...(status.capacity && { capacity: status.capacity }),
      ...(status.allocatable && { allocatable: status.allocatable }),
    },
  };
}
