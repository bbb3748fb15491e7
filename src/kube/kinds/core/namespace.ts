import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { member } from '../defaulting.js';

export const namespaces = defineKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  schema: 'V1Namespace',
  nameRule: 'label',
  hasStatus: true,
  selectable: ['status.phase'],
  columns: [nameColumn, column('Status', textAt('status.phase')), ageColumn],
  applyDefaults: (draft) => {
    const metadata = member(draft, 'metadata');
    const name = metadata['name'];
    // The label by which policies select a namespace by its name.
    if (typeof name === 'string') member(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
  },
  prepareCreate: (draft) => {
    draft['spec'] = { finalizers: ['kubernetes'] };
    draft['status'] = { phase: 'Active' };
  },
});
