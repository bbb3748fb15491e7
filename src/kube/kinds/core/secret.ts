import { fieldAt, isObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { sizeOf } from './group.js';
import { secretErrors } from './secret-validation.js';
import { put } from '../../../units/index.js';

export const secrets = defineKind({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  schema: 'V1Secret',
  selectable: ['type'],
  columns: [
    nameColumn,
    column('Type', textAt('type')),
    column('Data', (object) => sizeOf(fieldAt(object, 'data'))),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    fill(draft, 'type', 'Opaque');
    const { stringData } = draft;
    if (!isObject(stringData)) return;
    const data = member(draft, 'data');
    for (const [key, text] of Object.entries(stringData))
      put(data, key, Buffer.from(String(text)).toString('base64'));
    delete draft['stringData'];
  },
  validate: secretErrors,
});
