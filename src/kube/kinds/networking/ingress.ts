import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, listText, nameColumn, textAt } from '../../table/index.js';
import { loadBalancerText } from '../workload-columns.js';
import { ingressErrors, ingressWarnings } from './ingress-validation.js';

interface IngressRule {
  readonly host?: string;
}

const mostHosts = 3;

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
      const rules = (fieldAt(object, 'spec.rules') ?? []) as readonly IngressRule[];
      const hosts = rules.flatMap(({ host = '' }) => (host === '' ? [] : [host]));
      // Hosts that are not shown are told by the number of rules.
      return hosts.length === 0
        ? '*'
        : listText(hosts, hosts.length < mostHosts ? hosts.length : rules.length);
    }),
    column('Address', (object) => loadBalancerText(object)),
    column('Ports', (object) => (lengthAt('spec.tls')(object) > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
  prepareCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
  },
  validate: ingressErrors,
  warnings: ingressWarnings,
});
