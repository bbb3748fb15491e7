import type { Instant } from '../../../units/index.js';
import type { Stored } from '../../object.js';
import type { Pod } from './pod.js';

/** How a run of a container ended. */
export interface Termination {
  readonly exitCode: number;
  /** The runtime's word for it: `Completed`, `Error`, `OOMKilled`, `StartError`, `ContainerStatusUnknown`. */
  readonly reason: string;
  readonly message?: string;
  /** Absent when it never began. */
  readonly startedAt?: Instant;
  readonly finishedAt: Instant;
  /** Which run it was: 0 for the first. */
  readonly run: number;
}

/** A container that has been asked to end: since when, and within which grace in milliseconds. */
export interface ContainerStop {
  readonly since: Instant;
  readonly grace: number;
  /** A pod that stops takes its containers along for good; a container that a probe stops comes back. */
  readonly cause: 'pod' | 'probe';
}

/** What a container is at. Moments are those at which time alone moves it on. */
export type ContainerStage =
  /** Its turn has not come. */
  | { readonly kind: 'waiting' }
  /**
   * Its image is pulled from `since` until `pulledAt`, then it is made and started. `fault` is why the pull fails, if it
   * does; `failed` why it failed before.
   */
  | {
      readonly kind: 'creating';
      readonly since: Instant;
      readonly pulledAt: Instant;
      readonly until: Instant;
      readonly fault?: string;
      readonly failed?: string;
    }
  | { readonly kind: 'pull-failed'; readonly message: string; readonly until: Instant }
  | { readonly kind: 'pull-back-off'; readonly message: string; readonly until: Instant }
  /** Something that it needs is not there. */
  | { readonly kind: 'blocked'; readonly reason: string; readonly message: string }
  | {
      readonly kind: 'running';
      readonly startedAt: Instant;
      readonly isStarted: boolean;
      readonly isReady: boolean;
      /** The last failure of a probe that was told as an event. */
      readonly toldAt?: Instant;
      readonly stop?: ContainerStop;
    }
  /** `until` is when it moves on; a container that stays ended has none. */
  | { readonly kind: 'ended'; readonly how: Termination; readonly until?: Instant }
  | { readonly kind: 'crash-back-off'; readonly delay: number; readonly until: Instant };

/** The life of a container on its node. */
export interface ContainerLife {
  readonly stage: ContainerStage;
  readonly restarts: number;
  /** How the run before the present one ended. */
  readonly last?: Termination;
  /** What the last restart had to wait, in milliseconds; absent before the first. */
  readonly crashDelay?: number;
  /** Pulls that have failed one after the other. */
  readonly failedPulls?: number;
}

/** Why a pod's containers are being ended for good. */
export type PodStop = { readonly since: Instant } & (
  | { readonly cause: 'deletion' | 'deadline' | 'preemption' }
  | { readonly cause: 'eviction'; readonly message: string }
);

/** Something that a pod can't start without, as events tell it, and what to look at for it: terms of the pods' `byNeed`. */
export interface MissingNeed {
  /** Absent when it is nothing to tell. */
  readonly reason?: string;
  readonly message: string;
  readonly needs: readonly string[];
}

/** The life of a pod on its node, to the millisecond: objects tell times to the second alone. */
export interface PodLife {
  readonly acceptedAt: Instant;
  /** By name, those of all kinds; ephemeral ones from when they begin. */
  readonly containers: Readonly<Record<string, ContainerLife>>;
  /** What keeps all of its containers from being made. */
  readonly missing?: MissingNeed;
  readonly stop?: PodStop;
  /** What it waits for; empty lists are left out. */
  readonly needs?: readonly string[];
  /** True for a pod whose memory changes over time: its node is looked at for pressure. */
  readonly isWeighed?: true;
  /** True once nothing of it runs and nothing will. */
  readonly hasEnded?: true;
}

/** A pod as the store keeps it. */
export interface StoredPod extends Stored<Pod> {
  readonly life?: PodLife;
  readonly reservation?: PodReservation;
}

/** The node that a scheduler has chosen for a pod, which waits for what it needs there before it is bound. */
export interface PodReservation {
  readonly node: string;
  /** When it has waited too long. */
  readonly until: Instant;
}

/** Term of the pods' `byNeed`: an object of a kind that pods wait for. */
export const needTerm = (cluster: string, plural: string, namespace: string, name: string): string =>
  `${cluster}|${plural}/${namespace}/${name}`;

/** Term of the pods' `byNeed`: an image that pods of a node wait for without pulling it. */
export const imageNeedTerm = (cluster: string, node: string, image: string): string =>
  `${cluster}|images/${node}/${image}`;

/** Term of the pods' `byNeed`: any address of a node. */
export const addressNeedTerm = (cluster: string, node: string): string => `${cluster}|addresses/${node}`;
