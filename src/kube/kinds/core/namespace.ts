import { validation } from '../../api/field-error.js';
import { qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import { membersOf, valueAt } from '../../object.js';
import { defineKind, everyVerb } from '../../resource-type.js';
import type { PartRule } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { member } from '../defaulting.js';

interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
}

/** Who holds a namespace that is going says by this part when it lets it go. */
const finalize: PartRule = {
  name: 'finalize',
  verbs: ['update'],
  merge: (before, draft) => {
    const finalizers = valueAt(draft, ['spec', 'finalizers']);
    const spec = Array.isArray(finalizers) && finalizers.length > 0 ? { finalizers } : {};
    return { ...before, spec } as KubeObject;
  },
  validate: (object, before) => namespaceErrors(object, before),
};

const namespaceErrors = validation<Namespace>((faults, { spec }) => {
  for (const finalizer of spec?.finalizers ?? []) {
    const isKnown = finalizer.includes('/') || finalizer === 'kubernetes';
    const text = 'name is neither a standard finalizer name nor is it fully qualified';
    faults.invalid('spec.finalizers', finalizer, isKnown ? qualifiedNameFaults(finalizer) : text);
  }
});

export const namespaces = defineKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  schema: 'V1Namespace',
  nameRule: 'label',
  verbs: everyVerb.filter((verb) => verb !== 'deletecollection'),
  hasStatus: true,
  selectable: ['status.phase'],
  parts: [finalize],
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
  // Finalizers are written by the part for them alone.
  prepareUpdate: (draft, before) => {
    draft['spec'] = membersOf(before)['spec'] ?? {};
  },
  validate: namespaceErrors,
});
