import { StatusError } from '../api/status-error.js';
import type { KubeObject } from '../object.js';
import { clientSchema } from '../schema/index.js';
import { column, nameColumn } from '../table/index.js';
import type { Cell } from '../table/index.js';
import { onlyRead } from './computed-type.js';
import type { ComputedType } from './computed-type.js';

interface ComponentStatus extends KubeObject {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly message?: string;
    readonly error?: string;
  }[];
}

/** What the API server asks how it is. The parts of this control plane are in one process: while it answers, all are well. */
const components = ['controller-manager', 'scheduler', 'etcd-0'] as const;

const statusOf = (name: string): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'ComponentStatus',
    metadata: { name },
    conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  }) as unknown as KubeObject;

const ofHealth =
  (cell: (condition: { status: string; message?: string; error?: string }) => string) =>
  (object: KubeObject): Cell => {
    const healthy = (object as ComponentStatus).conditions?.find(({ type }) => type === 'Healthy');
    return healthy ? cell(healthy) : '';
  };

/** The health of the control plane's parts (core/v1), worked out when it is asked for. */
export const componentStatuses: ComputedType = {
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  ...onlyRead,
  namespaced: false,
  schema: clientSchema('V1ComponentStatus'),
  columns: [
    nameColumn,
    column(
      'Status',
      ofHealth(({ status }) => (status === 'True' ? 'Healthy' : 'Unhealthy')),
    ),
    column(
      'Message',
      ofHealth(({ message = '' }) => message),
    ),
    column(
      'Error',
      ofHealth(({ error = '' }) => error),
    ),
  ],
  warnings: ['v1 ComponentStatus is deprecated in v1.19+'],
  get: (_reader, _scope, name) => {
    if (components.some((one) => one === name)) return statusOf(name);
    throw StatusError.notFound({ group: '', plural: 'componentstatus' }, name);
  },
  list: () => components.map(statusOf),
};
