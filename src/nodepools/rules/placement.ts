import type { AzureError } from '../../azure/index.js';
import { poolTarget, refusal } from '../refusal.js';
import { resourceIdError } from './arm-ids.js';
import { onCreate } from './rule.js';
import type { PoolModel } from './rule.js';

const reservation = poolTarget('capacityReservationGroupID');

const needsOwnIdentity = (member: string, { ctx }: PoolModel): AzureError | undefined =>
  ctx.cluster.hasUserAssignedIdentity
    ? undefined
    : refusal(
        'BadRequest',
        `${poolTarget(member)} needs a cluster with a user-assigned managed identity that has the Contributor role on it.`,
        poolTarget(member),
      );

/** What a capacity reservation can't be combined with. */
const reservationConflicts: readonly {
  code: string;
  member: string;
  applies: (model: PoolModel) => boolean;
}[] = [
  {
    code: 'CRGConflictWithVMAS',
    member: 'type',
    applies: ({ sent }) => (sent.type as string | undefined) === 'AvailabilitySet',
  },
  {
    code: 'CRGConflictWithUltraSSD',
    member: 'enableUltraSSD',
    applies: ({ pool }) => pool.enableUltraSSD === true,
  },
  {
    code: 'CRGConflictWithPPG',
    member: 'proximityPlacementGroupID',
    applies: ({ pool }) => pool.proximityPlacementGroupID !== undefined,
  },
  {
    code: 'CRGConflictWithSpotVM',
    member: 'scaleSetPriority',
    applies: ({ pool }) => pool.scaleSetPriority === 'Spot',
  },
  {
    code: 'CRGConflictWithDedicatedHost',
    member: 'hostGroupID',
    applies: ({ pool }) => pool.hostGroupID !== undefined,
  },
];

/** Proximity placement groups, capacity reservations, dedicated hosts and ultra disks. */
export const placementRules = [
  onCreate('proximity placement group id', ({ pool }) =>
    resourceIdError(
      'proximityPlacementGroupID',
      pool.proximityPlacementGroupID,
      'Microsoft.Compute/proximityPlacementGroups',
    ),
  ),
  onCreate('a proximity placement group is in one zone', ({ pool }) =>
    pool.proximityPlacementGroupID !== undefined && (pool.availabilityZones?.length ?? 0) > 1
      ? refusal(
          'PPGNotSupportMultipleZones',
          `${poolTarget('proximityPlacementGroupID')} can't be used with several availabilityZones.`,
          poolTarget('proximityPlacementGroupID'),
        )
      : undefined,
  ),
  onCreate('capacity reservation group id', ({ pool }) =>
    resourceIdError(
      'capacityReservationGroupID',
      pool.capacityReservationGroupID,
      'Microsoft.Compute/capacityReservationGroups',
    ),
  ),
  onCreate('capacity reservation conflicts', (model) => {
    if (model.pool.capacityReservationGroupID === undefined) return undefined;
    const conflict = reservationConflicts.find(({ applies }) => applies(model));
    return (
      conflict &&
      refusal(conflict.code, `${reservation} can't be used together with ${conflict.member}.`, reservation)
    );
  }),
  onCreate('capacity reservation needs an identity', (model) =>
    model.pool.capacityReservationGroupID === undefined
      ? undefined
      : needsOwnIdentity('capacityReservationGroupID', model),
  ),
  onCreate('host group id', ({ pool }) =>
    resourceIdError('hostGroupID', pool.hostGroupID, 'Microsoft.Compute/hostGroups'),
  ),
  onCreate('host group needs an identity', (model) =>
    model.pool.hostGroupID === undefined ? undefined : needsOwnIdentity('hostGroupID', model),
  ),
  onCreate('ultra disks need a zone where the region has zones', ({ pool, ctx }) => {
    if (!pool.enableUltraSSD || pool.availabilityZones) return undefined;
    if (ctx.catalog.zonesOf(ctx.cluster.location, pool.vmSize).length === 0) return undefined;
    return refusal(
      'InvalidParameter',
      `The value of parameter ${poolTarget('enableUltraSSD')} is invalid: ultra disks need availabilityZones in location '${ctx.cluster.location}'.`,
      poolTarget('enableUltraSSD'),
    );
  }),
  onCreate('ultra disks need premium storage', ({ pool, size }) =>
    pool.enableUltraSSD && size?.premiumIO === false
      ? refusal(
          'InvalidParameter',
          `The value of parameter ${poolTarget('enableUltraSSD')} is invalid: size ${size.name} does not support ultra disks.`,
          poolTarget('enableUltraSSD'),
        )
      : undefined,
  ),
];
