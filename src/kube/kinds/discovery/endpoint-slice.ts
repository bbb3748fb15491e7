import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, listText, nameColumn, textAt } from '../../table/index.js';
import { fill, member, objectsOf } from '../defaulting.js';
import { endpointSliceErrors } from './endpoint-slice-validation.js';

export const endpointSlices = defineKind({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  schema: 'V1EndpointSlice',
  columns: [
    nameColumn,
    column('AddressType', textAt('addressType')),
    column('Ports', (object) => {
      const ports = (fieldAt(object, 'ports') ?? []) as readonly { port?: number; name?: string }[];
      return (
        listText(ports.map(({ port, name = '*' }) => (port === undefined ? name : String(port)))) || '<unset>'
      );
    }),
    column('Endpoints', (object) => {
      const all = (fieldAt(object, 'endpoints') ?? []) as readonly { addresses: readonly string[] }[];
      return listText(all.flatMap(({ addresses }) => addresses)) || '<unset>';
    }),
    ageColumn,
  ],
  tracksGeneration: true,
  applyDefaults: (draft) => {
    for (const endpoint of objectsOf(draft['endpoints'])) member(endpoint, 'conditions');
    for (const port of objectsOf(draft['ports'])) {
      fill(port, 'name', '');
      fill(port, 'protocol', 'TCP');
    }
  },
  validate: endpointSliceErrors,
});
