/**
 * The parts of Kubernetes' objects that a scheduling decision depends on, as the API server returns them. They are written
 * down here once more, and not taken from the product, so that the oracle shares nothing with what it judges.
 */

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** Quantities by resource, as strings such as `500m` or `2Gi`. */
export type ResourceList = Readonly<Record<string, string>>;

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface NodeRequirement {
  readonly key: string;
  readonly operator: LabelRequirement['operator'] | 'Gt' | 'Lt';
  readonly values?: readonly string[];
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeRequirement[];
  readonly matchFields?: readonly NodeRequirement[];
}

export interface NodeSelector {
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
}

export interface PreferredSchedulingTerm {
  readonly weight: number;
  readonly preference: NodeSelectorTerm;
}

export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredSchedulingTerm[];
}

export interface PodAffinityTerm {
  readonly topologyKey: string;
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
}

export interface WeightedPodAffinityTerm {
  readonly weight: number;
  readonly podAffinityTerm: PodAffinityTerm;
}

export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[];
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Equal' | 'Exists';
  readonly value?: string;
  readonly effect?: TaintEffect;
  readonly tolerationSeconds?: number;
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: TaintEffect;
}

export interface ContainerPort {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol?: string;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly ContainerPort[];
  readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList };
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly resources?: { readonly requests?: ResourceList };
  readonly allocatedResources?: ResourceList;
}

export interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly ephemeral?: object;
  readonly image?: { readonly reference?: string };
  readonly gcePersistentDisk?: { readonly pdName: string; readonly readOnly?: boolean };
  readonly awsElasticBlockStore?: { readonly volumeID: string; readonly readOnly?: boolean };
  readonly iscsi?: { readonly iqn: string; readonly targetPortal?: string; readonly readOnly?: boolean };
  readonly rbd?: {
    readonly monitors: readonly string[];
    readonly pool?: string;
    readonly image: string;
    readonly readOnly?: boolean;
  };
  readonly emptyDir?: object;
}

export interface TopologySpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: 'Honor' | 'Ignore';
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore';
}

export interface PodResourceClaim {
  readonly name: string;
  readonly resourceClaimName?: string;
  readonly resourceClaimTemplateName?: string;
}

export interface Pod {
  readonly metadata: Metadata;
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly nodeName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly affinity?: {
      readonly nodeAffinity?: NodeAffinity;
      readonly podAffinity?: PodAffinity;
      readonly podAntiAffinity?: PodAffinity;
    };
    readonly tolerations?: readonly Toleration[];
    readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
    readonly overhead?: ResourceList;
    readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList };
    readonly priority?: number;
    readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';
    readonly schedulerName?: string;
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly volumes?: readonly Volume[];
    readonly resourceClaims?: readonly PodResourceClaim[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly nominatedNodeName?: string;
    readonly startTime?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly resourceClaimStatuses?: readonly {
      readonly name: string;
      readonly resourceClaimName?: string;
    }[];
  };
}

export interface Node {
  readonly metadata: Metadata;
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status?: {
    readonly allocatable?: ResourceList;
    readonly capacity?: ResourceList;
    readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[];
  };
}

export interface Namespace {
  readonly metadata: Metadata;
}

export interface Service {
  readonly metadata: Metadata;
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

export interface ReplicationController {
  readonly metadata: Metadata;
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

/** A ReplicaSet or a StatefulSet. */
export interface SelectingController {
  readonly metadata: Metadata;
  readonly spec?: { readonly selector?: LabelSelector };
}

export interface PersistentVolumeClaim {
  readonly metadata: Metadata;
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
    readonly selector?: LabelSelector;
    readonly resources?: { readonly requests?: ResourceList };
  };
  readonly status?: { readonly phase?: string };
}

export interface PersistentVolume {
  readonly metadata: Metadata;
  readonly spec: {
    readonly capacity?: ResourceList;
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeAttributesClassName?: string;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
    readonly nodeAffinity?: { readonly required?: NodeSelector };
    readonly csi?: { readonly driver: string; readonly volumeHandle: string };
  };
  readonly status?: { readonly phase?: string };
}

export interface StorageClass {
  readonly metadata: Metadata;
  readonly provisioner: string;
  readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly {
      readonly key: string;
      readonly values: readonly string[];
    }[];
  }[];
}

export interface CsiNode {
  readonly metadata: Metadata;
  readonly spec: {
    readonly drivers: readonly {
      readonly name: string;
      readonly nodeID?: string;
      readonly allocatable?: { readonly count?: number };
    }[];
  };
}

export interface CsiDriver {
  readonly metadata: Metadata;
  readonly spec?: { readonly storageCapacity?: boolean };
}

export interface CsiStorageCapacity {
  readonly metadata: Metadata;
  readonly storageClassName: string;
  readonly nodeTopology?: LabelSelector;
  readonly capacity?: string;
  readonly maximumVolumeSize?: string;
}

export interface VolumeAttachment {
  readonly metadata: Metadata;
  readonly spec: {
    readonly attacher: string;
    readonly nodeName: string;
    readonly source: { readonly persistentVolumeName?: string };
  };
}

export interface PodDisruptionBudget {
  readonly metadata: Metadata;
  readonly spec?: { readonly selector?: LabelSelector };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly disruptedPods?: Readonly<Record<string, string>>;
  };
}

export interface DeviceSelector {
  readonly cel?: { readonly expression: string };
}

export interface DeviceRequestBody {
  readonly deviceClassName: string;
  readonly allocationMode?: 'ExactCount' | 'All';
  readonly count?: number;
  readonly selectors?: readonly DeviceSelector[];
}

export interface DeviceRequest {
  readonly name: string;
  readonly exactly?: DeviceRequestBody;
  readonly firstAvailable?: readonly (DeviceRequestBody & { readonly name: string })[];
}

export interface ResourceClaim {
  readonly metadata: Metadata;
  readonly spec: { readonly devices?: { readonly requests?: readonly DeviceRequest[] } };
  readonly status?: {
    readonly allocation?: {
      readonly nodeSelector?: NodeSelector;
      readonly devices?: {
        readonly results?: readonly {
          readonly request: string;
          readonly driver: string;
          readonly pool: string;
          readonly device: string;
        }[];
      };
    };
    readonly reservedFor?: readonly { readonly uid: string; readonly name: string }[];
  };
}

export interface DeviceClass {
  readonly metadata: Metadata;
  readonly spec?: { readonly selectors?: readonly DeviceSelector[] };
}

export interface ResourceSlice {
  readonly metadata: Metadata;
  readonly spec: {
    readonly driver: string;
    readonly pool: {
      readonly name: string;
      readonly generation?: number;
      readonly resourceSliceCount?: number;
    };
    readonly nodeName?: string;
    readonly allNodes?: boolean;
    readonly nodeSelector?: NodeSelector;
    readonly devices?: readonly { readonly name: string }[];
  };
}
