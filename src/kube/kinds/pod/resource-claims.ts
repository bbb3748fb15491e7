import type { Pod, PodResourceClaim } from './pod.js';

/** What one of a pod's `resourceClaims` stands for. */
export type PodClaimName =
  /** `isMade` for a claim that is made for the pod alone. */
  | { readonly kind: 'claim'; readonly name: string; readonly isMade: boolean }
  /** It was looked at, and no claim is needed. */
  | { readonly kind: 'none' }
  | { readonly kind: 'not made yet' };

/** The claim that one of a pod's `resourceClaims` stands for (Kubernetes: names of generated claims are in the pod's status). */
export function resourceClaimName(
  { status }: Pod,
  { name, resourceClaimName: given }: PodResourceClaim,
): PodClaimName {
  if (given !== undefined) return { kind: 'claim', name: given, isMade: false };
  const made = status?.resourceClaimStatuses?.find((one) => one.name === name);
  if (!made) return { kind: 'not made yet' };
  return made.resourceClaimName === undefined
    ? { kind: 'none' }
    : { kind: 'claim', name: made.resourceClaimName, isMade: true };
}

/** The names of the claims for devices that a pod uses, as far as they are known. */
export function resourceClaimNames(pod: Pod): readonly string[] {
  const { resourceClaims } = pod.spec;
  if (!resourceClaims) return none;
  return resourceClaims.flatMap((claim) => {
    const found = resourceClaimName(pod, claim);
    return found.kind === 'claim' ? [found.name] : [];
  });
}

const none: readonly string[] = [];
