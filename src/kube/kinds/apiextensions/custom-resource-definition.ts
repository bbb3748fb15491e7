import { withCondition } from '../../conditions.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { nameColumn } from '../../table/index.js';
import { fill, member, objectsOf } from '../defaulting.js';
import { createdAt } from '../rbac/group.js';
import { cleanupFinalizer } from './definition.js';
import type { CustomResourceDefinition } from './definition.js';
import { definitionErrors } from './definition-validation.js';

const asDefinition = (object: KubeObject): CustomResourceDefinition => object as CustomResourceDefinition;

export const customResourceDefinitions = defineKind({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  hasStatus: true,
  schema: 'V1CustomResourceDefinition',
  columns: [nameColumn, createdAt],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    const names = member(spec, 'names');
    const kind = typeof names['kind'] === 'string' ? names['kind'] : '';
    fill(names, 'singular', kind.toLowerCase());
    fill(names, 'listKind', `${kind}List`);
    fill(member(spec, 'conversion'), 'strategy', 'None');
    // Kept when it is false alone: that is what it is unless said otherwise.
    if (spec['preserveUnknownFields'] === false) delete spec['preserveUnknownFields'];
  },
  prepareCreate: (draft) => {
    draft['status'] = {
      acceptedNames: { kind: '', plural: '' },
      conditions: [],
      storedVersions: objectsOf(member(draft, 'spec')['versions'])
        .filter(({ storage }) => storage === true)
        .map(({ name }) => name),
    };
  },
  validate: definitionErrors,
  prepareDelete: (object, now) => {
    const definition = asDefinition(object);
    const { finalizers = [] } = definition.metadata;
    const pending = {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will occur soon',
    } as const;
    const marked: CustomResourceDefinition = {
      ...definition,
      metadata: {
        ...definition.metadata,
        finalizers: [...finalizers.filter((one) => one !== cleanupFinalizer), cleanupFinalizer],
      },
      status: {
        ...definition.status,
        conditions: withCondition(definition.status?.conditions ?? [], pending, now),
      },
    };
    return marked;
  },
});
