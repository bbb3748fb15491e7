import { validation } from '../../api/field-error.js';
import { canonicalCidrFault, ipFamilyOf } from '../../api/formats.js';
import type { Condition } from '../../conditions.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { newStatus } from '../kind-parts.js';
import { networking } from './group.js';

/** Blocks of addresses that services take theirs from (networking.k8s.io/v1). */
export interface ServiceCidr extends KubeObject {
  readonly spec?: { readonly cidrs?: readonly string[] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The one that a cluster begins with (AKS: service CIDR). */
export const defaultServiceCidr = { name: 'kubernetes', cidr: '10.0.0.0/16' } as const;

/** By which a block stays as long as addresses are taken from it. */
export const serviceCidrProtection = 'networking.k8s.io/service-cidr-finalizer';

const most = 2;

/** Everything wrong with blocks of addresses (networking validation: ValidateServiceCIDR and its update). */
const serviceCidrErrors = validation<ServiceCidr>((faults, { spec: { cidrs = [] } = {} }, before) => {
  const at = 'spec.cidrs';
  const was = before?.spec?.cidrs;
  if (was) {
    // One block may become one of each family; what is there stays.
    if (cidrs.length < was.length) faults.immutable(at, cidrs, false);
    else
      for (const [index, cidr] of was.entries())
        faults.immutable(`${at}[${String(index)}]`, cidrs[index], cidr === cidrs[index]);
    if (was.length === cidrs.length || faults.errors.length > 0) return;
  }
  if (cidrs.length === 0) {
    faults.required(at, 'at least one CIDR required');
    return;
  }
  if (cidrs.length > most) {
    faults.invalid(at, { CIDRs: cidrs }, `may only hold up to ${String(most)} values`);
    return;
  }
  for (const [index, cidr] of cidrs.entries())
    faults.invalid(`${at}[${String(index)}]`, cidr, canonicalCidrFault(cidr));
  const families = cidrs.map((cidr) => ipFamilyOf(cidr.split('/')[0] ?? ''));
  if (faults.errors.length === 0 && new Set(families).size < families.length) {
    const text = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    faults.invalid(at, cidrs, text);
  }
});

export const serviceCidrs = defineKind({
  ...networking,
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  schema: 'V1ServiceCIDR',
  hasStatus: true,
  tracksGeneration: false,
  columns: [
    nameColumn,
    column('CIDRs', (object) => (object as ServiceCidr).spec?.cidrs?.join(',') ?? ''),
    ageColumn,
  ],
  prepareCreate: newStatus,
  validate: serviceCidrErrors,
});
