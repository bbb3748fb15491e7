import type { Duration } from '../../units/index.js';
import { milliseconds, seconds } from '../../units/index.js';

/** How long storage takes for what is asked of it. */
export interface VolumeTimings {
  /** Making a disk or share. */
  readonly provision: Duration;
  /** Attaching a disk to a VM. */
  readonly attach: Duration;
  /** Detaching it. */
  readonly detach: Duration;
  /** Making a disk or share larger. */
  readonly resize: Duration;
  /** Deleting it. */
  readonly remove: Duration;
}

/** For quick local work. */
export const fastVolumes: VolumeTimings = {
  provision: milliseconds(200),
  attach: milliseconds(200),
  detach: milliseconds(200),
  resize: milliseconds(200),
  remove: milliseconds(200),
};

/** What Azure takes for managed disks (inferred from the events of AKS clusters: attaching takes 5 to 15 s). */
export const realisticVolumes: VolumeTimings = {
  provision: seconds(3),
  attach: seconds(10),
  detach: seconds(10),
  resize: seconds(5),
  remove: seconds(3),
};
