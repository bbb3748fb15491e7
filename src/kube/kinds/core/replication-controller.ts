import { fieldAt } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { labelSelectorText, selectorTerm } from '../../selectors/index.js';
import type { Labels } from '../../selectors/index.js';
import { workloadScale } from '../apps/group.js';
import { ageColumn, column, nameColumn, numberAt } from '../../table/index.js';
import { newStatus } from '../kind-parts.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate } from '../pod/index.js';
import { containerColumns } from '../workload-columns.js';

const selectorOf = (object: KubeObject) => {
  const matchLabels = fieldAt(object, 'spec.selector') as Labels | undefined;
  return matchLabels && { matchLabels };
};

export const replicationControllers = defineKind({
  collection: objectCollection('replicationcontrollers', {
    /** By which pods find the controllers that may select them. */
    bySelector: (stored: Stored) => selectorTerm(stored, selectorOf(stored.object)),
  }),
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  schema: 'V1ReplicationController',
  scale: { ...workloadScale, selector: (object) => labelSelectorText(selectorOf(object)) },
  selectable: ['status.replicas'],
  columns: [
    nameColumn,
    column('Desired', numberAt('spec.replicas'), 'integer'),
    column('Current', numberAt('status.replicas'), 'integer'),
    column('Ready', numberAt('status.readyReplicas'), 'integer'),
    ageColumn,
    ...containerColumns(),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'replicas', 1);
    defaultTemplate(spec);
    // What it leaves out is what its template's labels are.
    const { labels } = member(member(spec, 'template'), 'metadata');
    if (labels !== undefined) {
      fill(spec, 'selector', structuredClone(labels));
      fill(member(draft, 'metadata'), 'labels', structuredClone(labels));
    }
  },
  prepareCreate: newStatus,
});
