import type { Versioned } from '../../../store/index.js';
import type { Pod, PodTemplateSpec } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';

export interface ClaimTemplate {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

/** Whether the claims of pods go with their set, or when it is scaled down. */
export type Retention = 'Retain' | 'Delete';

/** A StatefulSet (apps/v1), with the fields that its controller reads. */
export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly podManagementPolicy: 'OrderedReady' | 'Parallel';
    readonly updateStrategy: {
      readonly type: 'RollingUpdate' | 'OnDelete';
      readonly rollingUpdate?: { readonly partition?: number };
    };
    readonly ordinals?: { readonly start?: number };
    readonly serviceName?: string;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    readonly volumeClaimTemplates?: readonly ClaimTemplate[];
    readonly persistentVolumeClaimRetentionPolicy?: {
      readonly whenDeleted?: Retention;
      readonly whenScaled?: Retention;
    };
  };
  readonly status?: { readonly currentRevision?: string; readonly collisionCount?: number };
}

export type PodEntry = Versioned<Stored<Pod>>;

/** The first ordinal of a set. */
export const firstOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

/** True for the ordinals that a set has pods for. */
export const isInSet = (set: StatefulSet, ordinal: number): boolean =>
  ordinal >= firstOrdinal(set) && ordinal < firstOrdinal(set) + set.spec.replicas;

/** The name of a set's pod, and the end of the names of its claims. */
export const podName = ({ metadata }: StatefulSet, ordinal: number): string =>
  `${metadata.name}-${String(ordinal)}`;

/** The ordinal in the name of a set's pod; undefined for a name that is none of its. */
export function ordinalOf({ metadata }: StatefulSet, { metadata: { name } }: KubeObject): number | undefined {
  const [, parent, ordinal] = /^(.*)-(\d+)$/.exec(name) ?? [];
  return parent === metadata.name ? Number(ordinal) : undefined;
}
