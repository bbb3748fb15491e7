import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn, textAt } from '../../table/index.js';
import { ingressErrors, ingressWarnings } from './ingress-validation.js';

interface IngressRule {
  readonly host?: string;
}

export const ingresses = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  hasStatus: true,
  schema: 'V1Ingress',
  columns: [
    nameColumn,
    column('Class', textAt('spec.ingressClassName')),
    column('Hosts', (object) => {
      const hosts = ((fieldAt(object, 'spec.rules') ?? []) as readonly IngressRule[]).flatMap(
        ({ host }) => host ?? [],
      );
      return hosts.join(',') || '*';
    }),
    column('Address', (object) => {
      const all = (fieldAt(object, 'status.loadBalancer.ingress') ?? []) as readonly {
        ip?: string;
        hostname?: string;
      }[];
      return all.map(({ ip, hostname }) => ip ?? hostname ?? '').join(',');
    }),
    column('Ports', (object) => (lengthAt('spec.tls')(object) > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
  prepareCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
  },
  validate: ingressErrors,
  warnings: ingressWarnings,
});
