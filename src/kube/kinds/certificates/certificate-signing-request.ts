import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, elapsed, nameColumn, textAt } from '../../table/index.js';

export const certificateSigningRequests = defineKind({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  hasStatus: true,
  schema: 'V1CertificateSigningRequest',
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', textAt('spec.signerName')),
    column('Requestor', textAt('spec.username')),
    column('RequestedDuration', (object) => {
      const seconds = fieldAt(object, 'spec.expirationSeconds');
      return typeof seconds === 'number'
        ? elapsed(new Date(0).toISOString(), (seconds * 1000) as never)
        : '<none>';
    }),
    column('Condition', (object) => {
      const conditions = (fieldAt(object, 'status.conditions') ?? []) as readonly { type: string }[];
      return conditions.map(({ type }) => type).join(',') || 'Pending';
    }),
  ],
});
