import { validation } from '../../api/field-error.js';
import { fieldAt } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { labelSelectorText, selectorTerm } from '../../selectors/index.js';
import type { Labels } from '../../selectors/index.js';
import { workloadScale } from '../apps/group.js';
import { ageColumn, column, nameColumn, numberAt, wide } from '../../table/index.js';
import { checkEndless } from '../apps/workload-validation.js';
import { fill, member } from '../defaulting.js';
import { checkPodTemplate, defaultTemplate, templateWarnings } from '../pod/index.js';
import type { PodTemplateSpec } from '../pod/index.js';
import { containerColumns, labelsAt } from '../workload-columns.js';

const selectorOf = (object: KubeObject) => {
  const matchLabels = fieldAt(object, 'spec.selector') as Labels | undefined;
  return matchLabels && { matchLabels };
};

interface ReplicationController extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector?: Readonly<Record<string, string>>;
    readonly template?: PodTemplateSpec;
  };
}

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
    wide('Selector', labelsAt('spec.selector')),
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
  prepareCreate: (draft) => {
    draft['status'] = { replicas: 0 };
  },
  validate: validation<ReplicationController>((faults, { spec = {} }) => {
    const { selector = {}, template } = spec;
    faults.nonNegative('spec.minReadySeconds', spec.minReadySeconds);
    if (Object.keys(selector).length === 0) faults.required('spec.selector');
    faults.nonNegative('spec.replicas', spec.replicas);
    const labels = template?.metadata?.labels;
    if (Object.entries(selector).some(([key, value]) => labels?.[key] !== value)) {
      const text = '`selector` does not match template `labels`';
      faults.invalid('spec.template.metadata.labels', labels ?? null, text);
    }
    checkPodTemplate(faults, 'spec.template', template);
    checkEndless(faults, 'ReplicationController', template);
  }),
  warnings: templateWarnings('spec.template'),
});
