import type { NodeSelectorTerm } from '../pod/affinity.js';
import type { KubeObject } from '../../object.js';

/** An expression that tells whether a device will do (resource.k8s.io/v1 DeviceSelector). */
export interface DeviceSelector {
  readonly cel?: { readonly expression: string };
}

/** Settings for a driver, which nobody else reads. */
export interface DeviceConfiguration {
  readonly opaque?: { readonly driver: string; readonly parameters: unknown };
}

/** Devices of one kind that a claim asks for. */
export interface ExactDeviceRequest {
  readonly deviceClassName: string;
  readonly selectors?: readonly DeviceSelector[];
  readonly allocationMode?: string;
  readonly count?: number;
  /** Without taking them from others. */
  readonly adminAccess?: boolean;
}

/** Devices that a claim asks for: exactly so, or the first of several alternatives that can be had. */
export interface DeviceRequest {
  readonly name: string;
  readonly exactly?: ExactDeviceRequest;
  readonly firstAvailable?: readonly (Omit<ExactDeviceRequest, 'adminAccess'> & { readonly name: string })[];
}

/** What a claim asks for (resource.k8s.io/v1 ResourceClaimSpec). */
export interface ResourceClaimSpec {
  readonly devices?: {
    readonly requests?: readonly DeviceRequest[];
    /** Attributes that devices have to have in common; of all requests, where it names none. */
    readonly constraints?: readonly {
      readonly requests?: readonly string[];
      readonly matchAttribute?: string;
    }[];
    readonly config?: readonly (DeviceConfiguration & { readonly requests?: readonly string[] })[];
  };
}

/** A device that a claim has. */
export interface AllocatedDevice {
  /** `request`, or `request/alternative`. */
  readonly request: string;
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly adminAccess?: boolean;
}

/** The devices that a claim has, and from where they can be used (resource.k8s.io/v1 AllocationResult). */
export interface Allocation {
  readonly devices?: {
    readonly results?: readonly AllocatedDevice[];
    readonly config?: readonly (DeviceConfiguration & {
      readonly source: 'FromClass' | 'FromClaim';
      readonly requests?: readonly string[];
    })[];
  };
  /** Absent where every node can use them. */
  readonly nodeSelector?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
}

/** A request for devices (resource.k8s.io/v1 ResourceClaim). */
export interface ResourceClaim extends KubeObject {
  readonly spec: ResourceClaimSpec;
  readonly status?: {
    readonly allocation?: Allocation;
    readonly reservedFor?: readonly {
      readonly apiGroup?: string;
      readonly resource: string;
      readonly name: string;
      readonly uid: string;
    }[];
    readonly devices?: readonly unknown[];
  };
}

/** What claims are made from (resource.k8s.io/v1 ResourceClaimTemplate). */
export interface ResourceClaimTemplate extends KubeObject {
  readonly spec: {
    readonly metadata?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly spec: ResourceClaimSpec;
  };
}

/** A kind of devices (resource.k8s.io/v1 DeviceClass). */
export interface DeviceClass extends KubeObject {
  readonly spec: {
    readonly selectors?: readonly DeviceSelector[];
    readonly config?: readonly DeviceConfiguration[];
  };
}

/** One of `string`, `int`, `bool` and `version`. */
export interface DeviceAttribute {
  readonly string?: string;
  readonly int?: number;
  readonly bool?: boolean;
  readonly version?: string;
}

/** A device that a driver offers. */
export interface Device {
  readonly name: string;
  /** By `domain/name`, or `name` of the driver's own domain. */
  readonly attributes?: Readonly<Record<string, DeviceAttribute>>;
  readonly capacity?: Readonly<Record<string, { readonly value: string }>>;
}

/** Devices that a driver offers on some nodes (resource.k8s.io/v1 ResourceSlice). */
export interface ResourceSlice extends KubeObject {
  readonly spec: {
    readonly driver: string;
    /** Slices of one pool belong together; those of its newest generation count alone. */
    readonly pool: {
      readonly name: string;
      readonly generation: number;
      readonly resourceSliceCount: number;
    };
    readonly nodeName?: string;
    readonly nodeSelector?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
    readonly allNodes?: boolean;
    readonly devices?: readonly Device[];
  };
}

/** Keeps a claim that has devices from going (resource.k8s.io: Finalizer). */
export const claimDeviceProtection = 'resource.kubernetes.io/delete-protection';

/** The most devices that a claim can have, and pods that can use one at once. */
export const claimLimits = { devices: 32, pods: 256 } as const;
