import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';

export const leases = defineKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  schema: 'V1Lease',
  columns: [nameColumn, column('Holder', textAt('spec.holderIdentity')), ageColumn],
});
