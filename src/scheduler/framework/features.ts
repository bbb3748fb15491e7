/** A release of Kubernetes, e.g. 1.34.2. */
export interface KubernetesVersion {
  readonly minor: number;
  readonly patch: number;
}

/** Reads a version such as `1.34.2` or `v1.34`. @throws RangeError for a text that is none */
export function parseKubernetesVersion(text: string): KubernetesVersion {
  const match = /^v?1\.(\d+)(?:\.(\d+))?/.exec(text);
  if (!match) throw new RangeError(`'${text}' is no version of Kubernetes: it reads like 1.34.2`);
  return { minor: Number(match[1]), patch: Number(match[2] ?? 0) };
}

/** What differs between releases of kube-scheduler. */
export interface SchedulerFeatures {
  /** Whether a node's refusal names the taint, or not any more (changed in 1.34.2). */
  readonly taintText: 'names-taint' | 'counts-nodes';
  /** How evenly resources are used with the pod, or how much more evenly than without it (1.36). */
  readonly balancedAllocation: 'with-pod' | 'improvement';
  /** Whether images that are mounted as volumes count for ImageLocality (1.36). */
  readonly imageVolumes: boolean;
  /** Dynamic resource allocation (on since 1.34). */
  readonly dynamicResources: boolean;
  /** Whether a pod's status names its node while it waits for its volumes there (1.35). */
  readonly nominatesWhileWaiting: boolean;
  /** Whether nodes are scored by which alternatives of a claim they have (1.35). */
  readonly scoresDevices: boolean;
  /** Whether what a pod asks for as a whole counts (1.34). */
  readonly podLevelResources: boolean;
  /** Whether preemption is spared a look at nodes that have too little even when empty (1.34). */
  readonly tellsWhatNoNodeHas: boolean;
  /** How a claim that one pod alone may use is told when another has it (changed in 1.34). */
  readonly singlePodClaimText: 'counts-nodes' | 'names-claim';
  /** Whether a pod's own namespace selectors are held against no labels too (1.34, an upstream quirk). */
  readonly widensNamespaceSelectors: boolean;
  /** Whether a pod that goes wakes those that its own anti-affinity kept off (1.36). */
  readonly wakesOnOthersAntiAffinity: boolean;
}

/** The switches of a release. */
export function featuresOf({ minor, patch }: KubernetesVersion): SchedulerFeatures {
  return {
    taintText: minor > 34 || (minor === 34 && patch >= 2) ? 'counts-nodes' : 'names-taint',
    balancedAllocation: minor >= 36 ? 'improvement' : 'with-pod',
    imageVolumes: minor >= 36,
    dynamicResources: minor >= 34,
    nominatesWhileWaiting: minor >= 35,
    scoresDevices: minor >= 35,
    podLevelResources: minor >= 34,
    tellsWhatNoNodeHas: minor >= 34,
    singlePodClaimText: minor >= 34 ? 'counts-nodes' : 'names-claim',
    widensNamespaceSelectors: minor >= 34,
    wakesOnOthersAntiAffinity: minor >= 36,
  };
}
