import { membersOf, valueAt } from '../object.js';
import type { KubeObject } from '../object.js';
import { defineKind } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import { ageColumn, column, elapsed, nameColumn, numberAt, textAt } from '../table/index.js';
import { forbiddenField, invalid } from '../api/status-error.js';
import { fill, member } from './pod-defaults.js';

const at = (object: KubeObject, path: string): unknown => valueAt(membersOf(object), path.split('.'));
const lengthAt = (path: string) => (object: KubeObject) => {
  const value = at(object, path);
  return Array.isArray(value) ? value.length : 0;
};
const yesNo = (path: string) => (object: KubeObject) => (at(object, path) === true ? 'true' : 'false');

/** A kind that shows its name and age alone. */
const plain = (
  kind: Pick<ResourceType, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'> &
    Partial<ResourceType> & { schema: string },
): ResourceType => defineKind({ columns: [nameColumn, ageColumn], ...kind });

export const podDisruptionBudgets = defineKind({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  hasStatus: true,
  schema: 'V1PodDisruptionBudget',
  columns: [
    nameColumn,
    column('Min Available', textAt('spec.minAvailable', 'N/A')),
    column('Max Unavailable', textAt('spec.maxUnavailable', 'N/A')),
    column('Allowed Disruptions', numberAt('status.disruptionsAllowed'), 'integer'),
    ageColumn,
  ],
  prepareCreate: (draft) => {
    draft['status'] = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  validate: (object) => {
    const minimum = at(object, 'spec.minAvailable');
    const maximum = at(object, 'spec.maxUnavailable');
    if (minimum !== undefined && maximum !== undefined) {
      return [
        invalid('spec', membersOf(object)['spec'], 'minAvailable and maxUnavailable cannot be both set'),
      ];
    }
    for (const [field, value] of [
      ['spec.minAvailable', minimum],
      ['spec.maxUnavailable', maximum],
    ] as const) {
      if (typeof value === 'number' && value < 0)
        return [invalid(field, value, 'must be greater than or equal to 0')];
      if (typeof value === 'string' && !/^(100|\d{1,2})%$/.test(value)) {
        return [
          invalid(
            field,
            value,
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%')",
          ),
        ];
      }
    }
    return [];
  },
});

export const priorityClasses = defineKind({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  schema: 'V1PriorityClass',
  columns: [
    nameColumn,
    column('Value', numberAt('value'), 'integer'),
    column('Global-Default', yesNo('globalDefault'), 'boolean'),
    ageColumn,
    column('PreemptionPolicy', textAt('preemptionPolicy')),
  ],
  applyDefaults: (draft) => {
    fill(draft, 'value', 0);
    fill(draft, 'preemptionPolicy', 'PreemptLowerPriority');
  },
  validate: (object, before) => {
    const value = Number(at(object, 'value'));
    if (before && at(before, 'value') !== value)
      return [forbiddenField('value', 'may not be changed in an update.')];
    if (
      object.metadata.name.startsWith('system-') &&
      !/^system-(cluster|node)-critical$/.test(object.metadata.name)
    ) {
      return [
        forbiddenField(
          'metadata.name',
          "priority class names with 'system-' prefix are reserved for system use only.",
        ),
      ];
    }
    return value > 1_000_000_000 && !object.metadata.name.startsWith('system-')
      ? [forbiddenField('value', 'maximum allowed value of a user defined priority is 1000000000')]
      : [];
  },
});

export const storageClasses = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  schema: 'V1StorageClass',
  columns: [
    {
      ...nameColumn,
      cell: ({ metadata }) =>
        metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
          ? `${metadata.name} (default)`
          : metadata.name,
    },
    column('Provisioner', textAt('provisioner')),
    column('ReclaimPolicy', textAt('reclaimPolicy')),
    column('VolumeBindingMode', textAt('volumeBindingMode')),
    column('AllowVolumeExpansion', yesNo('allowVolumeExpansion'), 'boolean'),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    fill(draft, 'reclaimPolicy', 'Delete');
    fill(draft, 'volumeBindingMode', 'Immediate');
  },
});

const storage = { group: 'storage.k8s.io', version: 'v1', namespaced: false } as const;

export const csiNodes = defineKind({
  ...storage,
  kind: 'CSINode',
  plural: 'csinodes',
  schema: 'V1CSINode',
  columns: [nameColumn, column('Drivers', lengthAt('spec.drivers'), 'integer'), ageColumn],
});
export const csiDrivers = plain({
  ...storage,
  kind: 'CSIDriver',
  plural: 'csidrivers',
  schema: 'V1CSIDriver',
});
export const volumeAttachments = defineKind({
  ...storage,
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  hasStatus: true,
  schema: 'V1VolumeAttachment',
  columns: [
    nameColumn,
    column('Attacher', textAt('spec.attacher')),
    column('PV', textAt('spec.source.persistentVolumeName')),
    column('Node', textAt('spec.nodeName')),
    column('Attached', yesNo('status.attached'), 'boolean'),
    ageColumn,
  ],
});
export const csiStorageCapacities = plain({
  ...storage,
  namespaced: true,
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  schema: 'V1CSIStorageCapacity',
});

export const leases = defineKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  schema: 'V1Lease',
  columns: [nameColumn, column('Holder', textAt('spec.holderIdentity')), ageColumn],
});

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
      const ports = (at(object, 'ports') ?? []) as readonly { port?: number }[];
      return ports.map(({ port }) => String(port ?? '*')).join(',') || '<unset>';
    }),
    column('Endpoints', (object) => {
      const all = ((at(object, 'endpoints') ?? []) as readonly { addresses: readonly string[] }[]).flatMap(
        ({ addresses }) => addresses,
      );
      if (all.length === 0) return '<unset>';
      return all.length <= 3
        ? all.join(',')
        : `${all.slice(0, 3).join(',')} + ${String(all.length - 3)} more...`;
    }),
    ageColumn,
  ],
});

interface IngressRule {
  readonly host?: string;
}

export const ingresses = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  hasStatus: true,
  schema: 'V1Ingress',
  columns: [
    nameColumn,
    column('Class', textAt('spec.ingressClassName')),
    column('Hosts', (object) => {
      const hosts = ((at(object, 'spec.rules') ?? []) as readonly IngressRule[]).flatMap(
        ({ host }) => host ?? [],
      );
      return hosts.join(',') || '*';
    }),
    column('Address', (object) => {
      const all = (at(object, 'status.loadBalancer.ingress') ?? []) as readonly {
        ip?: string;
        hostname?: string;
      }[];
      return all.map(({ ip, hostname }) => ip ?? hostname ?? '').join(',');
    }),
    column('Ports', (object) => (lengthAt('spec.tls')(object) > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
  prepareCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
  },
});

const networking = { group: 'networking.k8s.io', version: 'v1' } as const;

export const ingressClasses = defineKind({
  ...networking,
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  schema: 'V1IngressClass',
  columns: [
    nameColumn,
    column('Controller', textAt('spec.controller')),
    column('Parameters', textAt('spec.parameters.name')),
    ageColumn,
  ],
});

export const networkPolicies = defineKind({
  ...networking,
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  schema: 'V1NetworkPolicy',
  columns: [
    nameColumn,
    column('Pod-Selector', (object) => {
      const labels = (at(object, 'spec.podSelector.matchLabels') ?? {}) as Readonly<Record<string, string>>;
      return (
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(',') || '<none>'
      );
    }),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'policyTypes', spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
  },
});

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', nameRule: 'pathSegment' } as const;
const roleColumn = column('Role', (object) => {
  const { kind = '', name = '' } = (at(object, 'roleRef') ?? {}) as { kind?: string; name?: string };
  return `${kind}/${name}`;
});
const createdAt = column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date');

/** A binding's role is what it was made with, for good. */
const roleRefUnchanged = (object: KubeObject, before: KubeObject | undefined) => {
  const role = at(object, 'roleRef');
  const same = !before || JSON.stringify(role) === JSON.stringify(at(before, 'roleRef'));
  return same ? [] : [invalid('roleRef', role, 'cannot change roleRef')];
};
const defaultSubjects = (draft: Record<string, unknown>): void => {
  const group = 'rbac.authorization.k8s.io';
  const roleRef = draft['roleRef'];
  if (typeof roleRef === 'object' && roleRef !== null)
    fill(roleRef as Record<string, unknown>, 'apiGroup', group);
  for (const subject of (draft['subjects'] ?? []) as Record<string, unknown>[]) {
    if (subject['kind'] !== 'ServiceAccount') fill(subject, 'apiGroup', group);
  }
};

export const roles = defineKind({
  ...rbac,
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  schema: 'V1Role',
  columns: [nameColumn, createdAt],
});
export const clusterRoles = defineKind({
  ...rbac,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  schema: 'V1ClusterRole',
  columns: [nameColumn, createdAt],
});
export const roleBindings = defineKind({
  ...rbac,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  schema: 'V1RoleBinding',
  columns: [nameColumn, roleColumn, ageColumn],
  applyDefaults: defaultSubjects,
  validate: roleRefUnchanged,
});
export const clusterRoleBindings = defineKind({
  ...rbac,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  schema: 'V1ClusterRoleBinding',
  columns: [nameColumn, roleColumn, ageColumn],
  applyDefaults: defaultSubjects,
  validate: roleRefUnchanged,
});

export const runtimeClasses = defineKind({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  schema: 'V1RuntimeClass',
  columns: [nameColumn, column('Handler', textAt('handler')), ageColumn],
});

export const certificateSigningRequests = defineKind({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  hasStatus: true,
  schema: 'V1CertificateSigningRequest',
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', textAt('spec.signerName')),
    column('Requestor', textAt('spec.username')),
    column('RequestedDuration', (object) => {
      const seconds = at(object, 'spec.expirationSeconds');
      return typeof seconds === 'number'
        ? elapsed(new Date(0).toISOString(), (seconds * 1000) as never)
        : '<none>';
    }),
    column('Condition', (object) => {
      const conditions = (at(object, 'status.conditions') ?? []) as readonly { type: string }[];
      return conditions.map(({ type }) => type).join(',') || 'Pending';
    }),
  ],
});

const admission = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false } as const;

export const validatingWebhookConfigurations = defineKind({
  ...admission,
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  schema: 'V1ValidatingWebhookConfiguration',
  columns: [nameColumn, column('Webhooks', lengthAt('webhooks'), 'integer'), ageColumn],
});
export const mutatingWebhookConfigurations = defineKind({
  ...admission,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  schema: 'V1MutatingWebhookConfiguration',
  columns: [nameColumn, column('Webhooks', lengthAt('webhooks'), 'integer'), ageColumn],
});

const dynamicResources = { group: 'resource.k8s.io', version: 'v1' } as const;

export const deviceClasses = plain({
  ...dynamicResources,
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  namespaced: false,
  schema: 'V1DeviceClass',
});
export const resourceClaims = plain({
  ...dynamicResources,
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  namespaced: true,
  hasStatus: true,
  schema: 'ResourceV1ResourceClaim',
});
export const resourceClaimTemplates = plain({
  ...dynamicResources,
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  namespaced: true,
  schema: 'V1ResourceClaimTemplate',
});
export const resourceSlices = plain({
  ...dynamicResources,
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  schema: 'V1ResourceSlice',
  selectable: ['spec.nodeName', 'spec.driver'],
});

const flowControl = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  namespaced: false,
  hasStatus: true,
} as const;

export const flowSchemas = plain({
  ...flowControl,
  kind: 'FlowSchema',
  plural: 'flowschemas',
  schema: 'V1FlowSchema',
});
export const priorityLevelConfigurations = plain({
  ...flowControl,
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  schema: 'V1PriorityLevelConfiguration',
});
