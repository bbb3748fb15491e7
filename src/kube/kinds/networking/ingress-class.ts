import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { networking } from './group.js';

export const ingressClasses = defineKind({
  ...networking,
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  schema: 'V1IngressClass',
  columns: [
    nameColumn,
    column('Controller', textAt('spec.controller')),
    column('Parameters', textAt('spec.parameters.name')),
    ageColumn,
  ],
});
