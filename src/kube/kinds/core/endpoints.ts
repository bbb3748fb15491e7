import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, listText, nameColumn } from '../../table/index.js';
import { fill, objectsOf } from '../defaulting.js';
import { endpointsErrors } from './endpoints-validation.js';

/** An address as it comes before a port. */
const hostOf = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

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
      if (subsets.length === 0) return '<none>';
      return listText(
        subsets.flatMap(({ addresses = [], ports = [] }) =>
          ports.length === 0
            ? addresses.map(({ ip }) => ip)
            : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${hostOf(ip)}:${String(port)}`)),
        ),
      );
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
