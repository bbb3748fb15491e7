import type { PodTemplateSpec } from '../../kinds/index.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';
import { resolveCount } from '../int-or-percent.js';

/** A DaemonSet (apps/v1), with the fields that its controller reads. */
export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    readonly updateStrategy: {
      readonly type: 'RollingUpdate' | 'OnDelete';
      readonly rollingUpdate?: {
        readonly maxUnavailable?: number | string;
        readonly maxSurge?: number | string;
      };
    };
  };
  readonly status?: { readonly collisionCount?: number };
}

/** How many nodes may be without a daemon, or have two, while pods are replaced. */
export interface RollingLimits {
  readonly surge: number;
  readonly unavailable: number;
}

/** The limits of a set that is for `desired` nodes; percentages round up (Kubernetes: DaemonSet rolling update). */
export function rollingLimits({ spec }: DaemonSet, desired: number): RollingLimits {
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type !== 'RollingUpdate') return { surge: 0, unavailable: 0 };
  const surge = resolveCount(rollingUpdate?.maxSurge ?? 0, desired, 'up');
  const unavailable = resolveCount(rollingUpdate?.maxUnavailable ?? 1, desired, 'up');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
