import { isOwnBound } from '../../nodepools/index.js';
import type { GrowthBound } from '../../nodepools/index.js';
import { counted, listed } from './amounts.js';
import type { Bound } from './explanation.js';

/** What keeps a pool from having `needed` more nodes. */
export const boundsAgainst = (bounds: readonly GrowthBound[], needed: number): readonly Bound[] =>
  bounds.filter(({ room }) => room < needed).map(describeBound);

/** A bound in words and numbers. */
export const describeBound = (bound: GrowthBound): Bound => ({
  kind: isOwnBound(bound) ? 'pool' : 'subscription',
  limit: bound.kind,
  room: bound.room,
  text: textOf(bound),
});

/** Quotas as the portal calls them. */
const quotaTitles = { regional: 'Total Regional vCPUs', spot: 'Total Regional Spot vCPUs' };

/** A quota by the name under which it is raised. */
export const quotaTitle = ({ scope, name }: Extract<GrowthBound, { kind: 'quota' }>): string =>
  scope === 'family' ? name : quotaTitles[scope];

function textOf(bound: GrowthBound): string {
  switch (bound.kind) {
    case 'stopped':
      return `the ${bound.what} is stopped`;
    case 'being deleted':
      return 'the pool is being deleted';
    case 'fixed size':
      return `its size is fixed at ${counted(bound.nodes, 'node')}: no autoscaler is on`;
    case 'autoscaler maximum':
      return `its autoscaler's maximum of ${counted(bound.maximum, 'node')} is reached`;
    case 'pool maximum':
      return `AKS allows a pool ${String(bound.maximum)} nodes at most`;
    case 'quota': {
      const { location, limit, used, perNode } = bound;
      const left = Math.max(0, limit - used);
      return `quota ${quotaTitle(bound)} in ${location} has ${String(left)} of ${String(limit)} vCPU left, a node takes ${String(perNode)}`;
    }
    case 'subnet': {
      const { name, prefix, free, perNode } = bound;
      const takes = perNode === 1 ? 'a node takes 1' : `a node and its pods take ${String(perNode)}`;
      return `subnet ${name} (${prefix}) has ${counted(free, 'address', 'addresses')} left, ${takes}`;
    }
    case 'pod CIDR':
      return `pod CIDR ${bound.prefix} has room for ${counted(bound.blocks, 'node')}, and there are ${String(bound.nodes)}`;
    case 'capacity': {
      const { size, location, zones, isRestricted, room } = bound;
      const where = zones.length > 0 ? `zone ${listed(zones, 'or')} of ${location}` : location;
      return isRestricted
        ? `${size} is not offered to the subscription in ${where}`
        : `Azure has ${room > 0 ? `capacity for ${String(room)} more ${size}` : `no capacity for ${size}`} in ${where}`;
    }
  }
}
