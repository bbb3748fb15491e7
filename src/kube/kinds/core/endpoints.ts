import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';

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
});
