import { validation } from '../../api/field-error.js';
import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { checkDataKeys, checkImmutableData, decodedLength, mostDataBytes } from './data.js';
import type { Data } from './data.js';
import { sizeOf } from './group.js';
import { withLastBeat } from './heartbeat.js';
import { own } from '../../../units/index.js';

interface ConfigMap extends KubeObject {
  readonly data?: Data;
  readonly binaryData?: Data;
  readonly immutable?: boolean;
}

/** Everything wrong with a config map (core validation: ValidateConfigMap). */
const configMapErrors = validation<ConfigMap>((faults, object, before) => {
  const { data = {}, binaryData = {} } = object;
  checkImmutableData(faults, object, before);
  checkDataKeys(faults, 'data', data);
  for (const key of Object.keys(data)) {
    if (own(binaryData, key) !== undefined)
      faults.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
  }
  checkDataKeys(faults, 'binaryData', binaryData);
  let size = 0;
  for (const text of Object.values(data)) size += Buffer.byteLength(text);
  for (const text of Object.values(binaryData)) size += decodedLength(text);
  if (size > mostDataBytes) faults.tooLong('[]', mostDataBytes);
});

export const configMaps = defineKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  schema: 'V1ConfigMap',
  present: withLastBeat,
  columns: [
    nameColumn,
    column('Data', (object) => sizeOf(fieldAt(object, 'data')) + sizeOf(fieldAt(object, 'binaryData'))),
    ageColumn,
  ],
  validate: configMapErrors,
});
