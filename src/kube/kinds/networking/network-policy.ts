import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { fill, member, objectsOf } from '../defaulting.js';
import { networking } from './group.js';
import { selectorAt } from '../workload-columns.js';
import { networkPolicyErrors } from './network-policy-validation.js';

export const networkPolicies = defineKind({
  ...networking,
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  schema: 'V1NetworkPolicy',
  columns: [nameColumn, column('Pod-Selector', selectorAt('spec.podSelector')), ageColumn],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    for (const rule of [...objectsOf(spec['ingress']), ...objectsOf(spec['egress'])]) {
      for (const port of objectsOf(rule['ports'])) fill(port, 'protocol', 'TCP');
    }
    const hasEgress = objectsOf(spec['egress']).length > 0;
    fill(spec, 'policyTypes', hasEgress ? ['Ingress', 'Egress'] : ['Ingress']);
  },
  tracksGeneration: true,
  validate: networkPolicyErrors,
});
