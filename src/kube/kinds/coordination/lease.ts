import { validation } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import { withRenewal } from '../../nodes/heartbeats.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';

interface Lease extends KubeObject {
  readonly spec?: {
    readonly leaseDurationSeconds?: number;
    readonly leaseTransitions?: number;
    readonly holderIdentity?: string;
    readonly preferredHolder?: string;
    readonly strategy?: string;
  };
}

export const leases = defineKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  schema: 'V1Lease',
  present: withRenewal,
  columns: [nameColumn, column('Holder', textAt('spec.holderIdentity', '')), ageColumn],
  validate: validation<Lease>((faults, { spec = {} }) => {
    const { leaseDurationSeconds: duration, leaseTransitions, preferredHolder, strategy } = spec;
    if (duration !== undefined && duration <= 0)
      faults.invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0');
    faults.nonNegative('spec.leaseTransitions', leaseTransitions);
    if (preferredHolder && !strategy)
      faults.forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined');
  }),
});
