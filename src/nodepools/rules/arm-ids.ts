import type { AzureError } from '../../azure/index.js';
import { invalidPool } from '../refusal.js';

/** The kinds of resource a pool refers to, by the part of the id after `providers/`. */
export type ResourceKind =
  | 'Microsoft.Network/virtualNetworks/subnets'
  | 'Microsoft.Network/publicIPPrefixes'
  | 'Microsoft.Network/applicationSecurityGroups'
  | 'Microsoft.Compute/proximityPlacementGroups'
  | 'Microsoft.Compute/capacityReservationGroups'
  | 'Microsoft.Compute/hostGroups';

function patternOf(kind: ResourceKind): RegExp {
  const [namespace, ...types] = kind.split('/');
  const rest = types.map((type) => `/${type}/[^/]+`).join('');
  return new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${namespace}${rest}$`, 'i');
}

/** `InvalidParameter` unless `id` is the ARM id of a resource of that kind. */
export function resourceIdError(
  member: string,
  id: string | undefined,
  kind: ResourceKind,
): AzureError | undefined {
  if (id === undefined || patternOf(kind).test(id)) return undefined;
  return invalidPool(
    member,
    `'${id}' is not the id of a ${kind} resource (/subscriptions/…/resourceGroups/…/providers/${kind.split('/')[0]}/…).`,
  );
}

/** The virtual network of a subnet's id, in lower case. */
export const networkOfSubnet = (subnetId: string): string =>
  subnetId.toLowerCase().replace(/\/subnets\/[^/]+$/, '');
