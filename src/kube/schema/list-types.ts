/**
 * How the elements of a list are told apart when two versions of it are merged (Kubernetes: list types of server-side apply,
 * patch merge keys of strategic merge). A list that is not named here is replaced as a whole.
 */
export interface ListType {
  /** `map`: by the keys; `set`: by the element itself. */
  readonly kind: 'map' | 'set';
  /** Members that tell elements apart in server-side apply. */
  readonly keys: readonly string[];
  /** The member that tells them apart in a strategic merge; the list is replaced there when absent. */
  readonly mergeKey?: string;
}

const map = (mergeKey: string, ...further: string[]): ListType => ({
  kind: 'map',
  keys: [mergeKey, ...further],
  mergeKey,
});
/** Merged by key in server-side apply, replaced in a strategic merge. */
const appliedMap = (...keys: string[]): ListType => ({ kind: 'map', keys });
/** Replaced in server-side apply, merged by key in a strategic merge. */
const set: ListType = { kind: 'set', keys: [], mergeKey: '' };

const conditions = map('type');
const ports = map('containerPort', 'protocol');
const containers = map('name');
const containerLists = {
  ports,
  env: map('name'),
  volumeMounts: map('mountPath'),
  volumeDevices: map('devicePath'),
};

/** By type and field. */
const listTypes: Readonly<Record<string, Readonly<Record<string, ListType>>>> = {
  V1ObjectMeta: { ownerReferences: map('uid'), finalizers: set },
  V1PodSpec: {
    containers,
    initContainers: containers,
    ephemeralContainers: containers,
    volumes: map('name'),
    imagePullSecrets: map('name'),
    hostAliases: map('ip'),
    topologySpreadConstraints: map('topologyKey', 'whenUnsatisfiable'),
    schedulingGates: map('name'),
    resourceClaims: map('name'),
  },
  V1Container: containerLists,
  V1EphemeralContainer: containerLists,
  V1ResourceRequirements: { claims: appliedMap('name') },
  V1PodStatus: {
    conditions,
    podIPs: map('ip'),
    hostIPs: map('ip'),
    resourceClaimStatuses: map('name'),
  },
  V1NodeSpec: { podCIDRs: set, taints: { kind: 'map', keys: [], mergeKey: 'key' } },
  V1NodeStatus: { conditions, addresses: map('type') },
  V1NamespaceStatus: { conditions },
  V1ServiceSpec: { ports: map('port', 'protocol') },
  V1ServiceStatus: { conditions },
  V1ServiceAccount: { secrets: map('name'), imagePullSecrets: { kind: 'map', keys: [], mergeKey: 'name' } },
  V1PersistentVolumeClaimStatus: { conditions },
  V1ReplicationControllerStatus: { conditions },
  V1ResourceQuotaSpec: {},
  V1DeploymentStatus: { conditions },
  V1ReplicaSetStatus: { conditions },
  V1StatefulSetStatus: { conditions },
  V1DaemonSetStatus: { conditions },
  V1JobStatus: { conditions },
  V1PodFailurePolicyOnExitCodesRequirement: { values: { kind: 'set', keys: [] } },
  V1PodDisruptionBudgetStatus: { conditions },
  V2HorizontalPodAutoscalerStatus: { conditions },
  V1CSINodeSpec: { drivers: map('name') },
  V1TopologySelectorTerm: {},
  V1EndpointSlice: { ports: appliedMap('name') },
  V1CustomResourceDefinitionStatus: { conditions: appliedMap('type') },
  V1CertificateSigningRequestStatus: { conditions: appliedMap('type') },
  V1MutatingWebhookConfiguration: { webhooks: map('name') },
  V1ValidatingWebhookConfiguration: { webhooks: map('name') },
  V1PriorityLevelConfigurationStatus: { conditions },
  V1FlowSchemaStatus: { conditions },
  V1APIServiceStatus: { conditions: appliedMap('type') },
  V1Scale: {},
};

/** How a list of a type merges; undefined for one that is replaced as a whole. */
export const listTypeOf = (type: string, field: string): ListType | undefined => listTypes[type]?.[field];

/** Objects that are replaced as a whole in server-side apply, by type (Kubernetes: atomic maps). */
export const atomicTypes: ReadonlySet<string> = new Set([
  'V1LabelSelector',
  'V1NodeSelector',
  'V1NodeSelectorTerm',
  'V1ObjectReference',
  'V1LocalObjectReference',
  'V1TypedLocalObjectReference',
  'V1SecretReference',
  'V1OwnerReference',
  'V1ResourceFieldSelector',
  'V1ObjectFieldSelector',
  'V1SecretKeySelector',
  'V1ConfigMapKeySelector',
  'V1ScopeSelector',
]);

/** Maps that are replaced as a whole in server-side apply, by type and field. */
export const atomicMaps: ReadonlySet<string> = new Set([
  'V1PodSpec.nodeSelector',
  'V1ServiceSpec.selector',
  'V1ReplicationControllerSpec.selector',
]);

/** Objects of which one member says which others count (strategic merge: retainKeys). */
export const retainKeysFields: ReadonlySet<string> = new Set([
  'V1DeploymentSpec.strategy',
  'V1PodSpec.volumes',
]);
