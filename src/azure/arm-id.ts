/** The parts of an ARM resource id in a resource group: `…/providers/NAMESPACE/TYPE/NAME[/TYPE/NAME…]`. */
export interface ArmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** E.g. `Microsoft.Network`, as spelled in the id. */
  readonly provider: string;
  /** Types and names from the outermost resource inwards. */
  readonly path: readonly { readonly type: string; readonly name: string }[];
}

const pattern =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)((?:\/[^/]+\/[^/]+)+)\/?$/i;

/** Takes an ARM id apart, whatever its letter case; `undefined` when it is none. */
export function parseArmId(id: string): ArmId | undefined {
  const [, subscriptionId, resourceGroup, provider, rest] = pattern.exec(id) ?? [];
  if (!subscriptionId || !resourceGroup || !provider || !rest) return undefined;
  const segments = rest.split('/').filter((segment) => segment !== '');
  const path = segments.flatMap((type, index) => {
    const name = segments[index + 1];
    return index % 2 === 0 && name !== undefined ? [{ type, name }] : [];
  });
  return { subscriptionId, resourceGroup, provider, path };
}

/** The id of a resource directly in a resource group. */
export const armId = (
  subscriptionId: string,
  resourceGroup: string,
  type: `${string}/${string}`,
  name: string,
): string => `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;

/** The key of an ARM resource in its collection: ids are compared without regard to letter case. */
export const armKey = (id: string): string => id.toLowerCase();
