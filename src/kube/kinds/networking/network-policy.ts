import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { networking } from './group.js';

export const networkPolicies = defineKind({
  ...networking,
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  schema: 'V1NetworkPolicy',
  columns: [
    nameColumn,
    column('Pod-Selector', (object) => {
      const labels = (fieldAt(object, 'spec.podSelector.matchLabels') ?? {}) as Readonly<
        Record<string, string>
      >;
      return (
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(',') || '<none>'
      );
    }),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'policyTypes', spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
  },
});
