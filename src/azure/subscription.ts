/** The one subscription of a world. */
export interface Subscription {
  readonly id: string;
  readonly tenantId: string;
  readonly displayName: string;
}
