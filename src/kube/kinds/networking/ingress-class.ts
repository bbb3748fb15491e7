import { validation } from '../../api/field-error.js';
import { checkName, nameFault } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { fill, objectOf } from '../defaulting.js';
import { networking } from './group.js';

interface IngressClass extends KubeObject {
  readonly spec?: {
    readonly controller?: string;
    readonly parameters?: {
      readonly apiGroup?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly scope?: string;
      readonly namespace?: string;
    };
  };
}

const longestController = 250;

/** Everything wrong with an ingress class (networking validation: ValidateIngressClass). */
const ingressClassErrors = validation<IngressClass>((faults, { spec = {} }, before) => {
  const { controller = '', parameters } = spec;
  if (before) faults.immutable('spec.controller', controller, controller === before.spec?.controller);
  if (controller === '') faults.required('spec.controller');
  else {
    if (controller.length > longestController) faults.tooLong('spec.controller', longestController);
    if (!/^[^/]+\/.+$/.test(controller))
      faults.invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")');
  }
  if (!parameters) return;
  const at = 'spec.parameters';
  const { apiGroup, namespace, scope } = parameters;
  if (apiGroup !== undefined) faults.invalid(`${at}.apiGroup`, apiGroup, nameFault('subdomain', apiGroup));
  checkName(faults, `${at}.kind`, 'pathSegment', parameters.kind);
  checkName(faults, `${at}.name`, 'pathSegment', parameters.name);
  faults.requiredOneOf(`${at}.scope`, scope, ['Cluster', 'Namespace']);
  if (scope === 'Namespace' && namespace === undefined)
    faults.required(`${at}.namespace`, "`parameters.scope` is set to 'Namespace'");
  if (scope === 'Cluster' && namespace !== undefined)
    faults.forbidden(`${at}.namespace`, "`parameters.scope` is set to 'Cluster'");
});

export const ingressClasses = defineKind({
  ...networking,
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  schema: 'V1IngressClass',
  columns: [
    nameColumn,
    column('Controller', textAt('spec.controller')),
    column('Parameters', (object) => {
      const { apiGroup, kind, name } = (object as IngressClass).spec?.parameters ?? {};
      if (kind === undefined) return '<none>';
      return `${apiGroup === undefined ? '' : `${kind}.${apiGroup}`}${apiGroup === undefined ? kind : ''}/${name ?? ''}`;
    }),
    ageColumn,
  ],
  tracksGeneration: true,
  applyDefaults: (draft) => {
    const parameters = objectOf(objectOf(draft['spec'])?.['parameters']);
    if (parameters) fill(parameters, 'scope', 'Cluster');
  },
  validate: ingressClassErrors,
});
