import { validation } from '../../api/field-error.js';
import type { Condition } from '../../conditions.js';
import type { KubeObject } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import type { Stored } from '../../object.js';
import { ageColumn, column, nameColumn } from '../../table/index.js';
import { fill, member, objectOf } from '../defaulting.js';

/** Says who serves a group and version of the API (apiregistration.k8s.io/v1 APIService). */
export interface ApiService extends KubeObject {
  readonly spec: {
    readonly group?: string;
    readonly version?: string;
    /** Absent for what the API server itself serves. */
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number };
    readonly groupPriorityMinimum: number;
    readonly versionPriority: number;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Label of the API services that the API server keeps itself. */
export const automanaged = 'kube-aggregator.kubernetes.io/automanaged';
/** The one that the metrics server of every cluster has. */
export const metricsApiService = 'v1beta1.metrics.k8s.io';
/** Index of API services that name a service which is not the cluster's metrics server, by cluster. */
export const externalServices = 'external';

const availability = ({ status }: ApiService): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === 'Available');

export const apiServices = defineKind({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  nameRule: 'pathSegment',
  hasStatus: true,
  schema: 'V1APIService',
  collection: objectCollection<Stored<ApiService>>('apiservices.apiregistration.k8s.io', {
    [externalServices]: ({ cluster, object }) =>
      object.spec.service && object.metadata.name !== metricsApiService ? cluster : undefined,
  }),
  columns: [
    nameColumn,
    column('Service', (object) => {
      const { service } = (object as ApiService).spec;
      return service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local';
    }),
    column('Available', (object) => {
      const condition = availability(object as ApiService);
      if (!condition) return 'Unknown';
      return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`;
    }),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    const service = objectOf(member(draft, 'spec')['service']);
    if (service) fill(service, 'port', 443);
  },
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
  validate: validation<ApiService>((faults, { metadata, spec }) => {
    const { group = '', version = '', service } = spec;
    if (metadata.name !== `${version}.${group}`) {
      const detail = `must be \`spec.version+"."+spec.group\`: "${version}.${group}"`;
      faults.invalid('metadata.name', metadata.name, detail);
    }
    if (group === '' && version !== 'v1') {
      faults.required('spec.group', 'only v1 may have an empty group and it better be legacy kube');
    }
    if (version === '') faults.required('spec.version');
    const { groupPriorityMinimum = 0, versionPriority = 0 } = spec;
    const priority = (name: string, value: number, most: number): void => {
      if (value <= 0) faults.invalid(`spec.${name}`, value, `must be positive and less than ${String(most)}`);
      if (value > most)
        faults.invalid(`spec.${name}`, value, `must be positive and less than ${String(most)}`);
    };
    priority('groupPriorityMinimum', groupPriorityMinimum, 20_000);
    priority('versionPriority', versionPriority, 1000);
    if (!service) return;
    if (!service.namespace) faults.required('spec.service.namespace');
    if (!service.name) faults.required('spec.service.name');
  }),
});
