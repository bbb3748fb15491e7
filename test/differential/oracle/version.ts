/** What the minor and patch version of a kube-scheduler changes about its decisions, with feature gates at their defaults. */
export interface Version {
  readonly minor: number;
  readonly patch: number;
}

export function parseVersion(text: string): Version {
  const [, minor, patch] = /^v?1\.(\d+)\.(\d+)/.exec(text) ?? [];
  if (minor === undefined || patch === undefined) throw new Error(`not a version of Kubernetes: ${text}`);
  return { minor: Number(minor), patch: Number(patch) };
}

/** The refusal for taints names no taint from 1.34.2 on. */
export const namesTaint = ({ minor, patch }: Version): boolean => minor < 34 || (minor === 34 && patch < 2);

/** The gate PodLevelResources: alpha and off in 1.33. */
export const hasPodLevelResources = ({ minor }: Version): boolean => minor >= 34;

/** The gate DynamicResourceAllocation: off in 1.33. */
export const hasDynamicResources = ({ minor }: Version): boolean => minor >= 34;

/** Until 1.33 a pod that asks for more than the whole node is refused as if preemption could help. */
export const knowsHopelessRequests = ({ minor }: Version): boolean => minor >= 34;

/** Until 1.33 a term's namespaceSelector is replaced by the names that it selects; since then it is tried as well. */
export const triesExpandedNamespaceSelector = ({ minor }: Version): boolean => minor >= 34;

/** The gate VolumeAttributesClass: off in 1.33. */
export const hasVolumeAttributesClass = ({ minor }: Version): boolean => minor >= 34;

/** Balance is scored by what the pod changes about it from 1.36 on. */
export const scoresImprovedBalance = ({ minor }: Version): boolean => minor >= 36;

/** Image volumes count for ImageLocality from 1.36 on. */
export const scoresImageVolumes = ({ minor }: Version): boolean => minor >= 36;

/** DynamicResources scores from 1.35 on. */
export const scoresDevices = ({ minor }: Version): boolean => minor >= 35;
