/** Who sends a request (Kubernetes: user info). */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** Further facts that the authenticator knows, e.g. the pod that a token is bound to. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Who the control plane's own loops are. */
export const controlPlane: User = {
  name: 'system:kube-controller-manager',
  groups: ['system:masters', 'system:authenticated'],
};
