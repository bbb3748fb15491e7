import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { fill, objectsOf } from '../defaulting.js';
import { endpointsErrors } from './endpoints-validation.js';

export const endpoints = defineKind({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  schema: 'V1Endpoints',
  columns: [
    nameColumn,
    column('Endpoints', (object) => {
      const subsets = (fieldAt(object, 'subsets') ?? []) as readonly {
        addresses?: readonly { ip: string }[];
        ports?: readonly { port: number }[];
      }[];
      const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
        addresses.flatMap(({ ip }) =>
          ports.length === 0 ? [ip] : ports.map(({ port }) => `${ip}:${String(port)}`),
        ),
      );
      if (all.length <= 3) return all.join(',') || '<none>';
      return `${all.slice(0, 3).join(',')} + ${String(all.length - 3)} more...`;
    }),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    for (const subset of objectsOf(draft['subsets'])) {
      for (const port of objectsOf(subset['ports'])) fill(port, 'protocol', 'TCP');
    }
  },
  validate: endpointsErrors,
  warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
});
