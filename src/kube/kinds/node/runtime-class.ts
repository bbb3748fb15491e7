import { validation } from '../../api/field-error.js';
import { checkName } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';

interface RuntimeClass extends KubeObject {
  readonly handler?: string;
}

export const runtimeClasses = defineKind({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  schema: 'V1RuntimeClass',
  columns: [nameColumn, column('Handler', textAt('handler')), ageColumn],
  validate: validation<RuntimeClass>((faults, { handler }, before) => {
    checkName(faults, 'handler', 'label', handler);
    if (before) faults.immutable('handler', handler ?? null, handler === before.handler);
  }),
});
