import { own } from '../../units/index.js';

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
const patchedMap = (mergeKey: string): ListType => ({ kind: 'map', keys: [], mergeKey });
/** Merged by its elements in both. */
const mergedSet: ListType = { kind: 'set', keys: [], mergeKey: '' };
/** Merged by its elements in server-side apply, replaced in a strategic merge. */
const appliedSet: ListType = { kind: 'set', keys: [] };

const conditions = map('type');
const ports = map('containerPort', 'protocol');
const containers = map('name');
const containerLists = {
  ports,
  env: map('name'),
  volumeMounts: map('mountPath'),
  volumeDevices: map('devicePath'),
};

/** By type and field. Lists that are not here are replaced as a whole. */
const listTypes: Readonly<Record<string, Readonly<Record<string, ListType>>>> = {
  V1ObjectMeta: { ownerReferences: map('uid'), finalizers: mergedSet },
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
    hostIPs: patchedMap('ip'),
    resourceClaimStatuses: map('name'),
  },
  V1ContainerStatus: { allocatedResourcesStatus: map('name'), volumeMounts: map('mountPath') },
  V1ResourceStatus: { resources: appliedMap('resourceID') },
  V1NodeSpec: { podCIDRs: mergedSet },
  V1NodeStatus: { conditions, addresses: map('type') },
  V1NamespaceStatus: { conditions },
  V1ServiceSpec: { ports: map('port', 'protocol') },
  V1ServiceStatus: { conditions },
  V1ServiceAccount: { secrets: map('name') },
  V1PersistentVolumeClaimStatus: { conditions },
  V1ReplicationControllerStatus: { conditions },
  V1DeploymentStatus: { conditions },
  V1ReplicaSetStatus: { conditions },
  V1StatefulSetStatus: { conditions },
  V1DaemonSetStatus: { conditions },
  V1JobStatus: { conditions: patchedMap('type') },
  V1UncountedTerminatedPods: { succeeded: appliedSet, failed: appliedSet },
  V1PodFailurePolicyOnExitCodesRequirement: { values: appliedSet },
  V1PodDisruptionBudgetStatus: { conditions },
  V2HorizontalPodAutoscalerStatus: { conditions },
  V1CSINodeSpec: { drivers: map('name') },
  V1CSIDriverSpec: { volumeLifecycleModes: appliedSet },
  V1Endpoint: { addresses: appliedSet },
  V1CustomResourceDefinitionStatus: { conditions: appliedMap('type') },
  V1CertificateSigningRequestStatus: { conditions: appliedMap('type') },
  V1MutatingWebhookConfiguration: { webhooks: map('name') },
  V1MutatingWebhook: { matchConditions: map('name') },
  V1ValidatingWebhookConfiguration: { webhooks: map('name') },
  V1ValidatingWebhook: { matchConditions: map('name') },
  V1ValidatingAdmissionPolicySpec: { matchConditions: map('name'), variables: map('name') },
  V1ValidatingAdmissionPolicyBindingSpec: { validationActions: appliedSet },
  V1PriorityLevelConfigurationStatus: { conditions },
  V1FlowSchemaStatus: { conditions },
  V1NonResourcePolicyRule: { verbs: appliedSet, nonResourceURLs: appliedSet },
  V1ResourcePolicyRule: {
    verbs: appliedSet,
    apiGroups: appliedSet,
    resources: appliedSet,
    namespaces: appliedSet,
  },
  V1ResourceClaimStatus: {
    reservedFor: map('uid'),
    devices: appliedMap('driver', 'device', 'pool', 'shareID'),
  },
  V1AllocatedDeviceStatus: { conditions: appliedMap('type') },
  V1APIServiceStatus: { conditions: appliedMap('type') },
};

/** How a list of a type merges; undefined for one that is replaced as a whole. */
export const listTypeOf = (type: string, field: string): ListType | undefined =>
  own(own(listTypes, type), field);

/** Objects that are replaced as a whole in server-side apply, by type (Kubernetes: atomic structs). */
export const atomicTypes: ReadonlySet<string> = new Set([
  'V1LabelSelector',
  'V1NodeSelector',
  'V1NodeSelectorTerm',
  'V1ScopeSelector',
  'V1ScopedResourceSelectorRequirement',
  'V1TopologySelectorTerm',
  'V1ObjectReference',
  'V1LocalObjectReference',
  'V1TypedLocalObjectReference',
  'V1SecretReference',
  'V1OwnerReference',
  'V1ResourceFieldSelector',
  'V1ObjectFieldSelector',
  'V1SecretKeySelector',
  'V1ConfigMapKeySelector',
  'V1CrossVersionObjectReference',
  'V1RoleRef',
  'RbacV1Subject',
]);

/** Fields of these types that merge by their members all the same. */
export const granularFields: ReadonlySet<string> = new Set(['V1PersistentVolumeSpec.claimRef']);

/** Maps that are replaced as a whole in server-side apply, by type and field. */
export const atomicMaps: ReadonlySet<string> = new Set([
  'V1PodSpec.nodeSelector',
  'V1ServiceSpec.selector',
  'V1ReplicationControllerSpec.selector',
  'V1Scheduling.nodeSelector',
]);
