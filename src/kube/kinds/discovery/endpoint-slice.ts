import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt } from '../../table/index.js';
import { fill, objectsOf } from '../defaulting.js';
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
      const ports = (fieldAt(object, 'ports') ?? []) as readonly { port?: number }[];
      return ports.map(({ port }) => String(port ?? '*')).join(',') || '<unset>';
    }),
    column('Endpoints', (object) => {
      const all = (
        (fieldAt(object, 'endpoints') ?? []) as readonly { addresses: readonly string[] }[]
      ).flatMap(({ addresses }) => addresses);
      if (all.length === 0) return '<unset>';
      return all.length <= 3
        ? all.join(',')
        : `${all.slice(0, 3).join(',')} + ${String(all.length - 3)} more...`;
    }),
    ageColumn,
  ],
  tracksGeneration: true,
  applyDefaults: (draft) => {
    for (const port of objectsOf(draft['ports'])) {
      fill(port, 'name', '');
      fill(port, 'protocol', 'TCP');
    }
  },
  validate: endpointSliceErrors,
});
