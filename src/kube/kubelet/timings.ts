import type { Duration } from '../../units/index.js';
import { milliseconds, seconds } from '../../units/index.js';

/** How long a node takes for the steps of a pod's life. */
export interface KubeletTimings {
  /** Pulling an image that the node does not have yet. */
  readonly imagePull: Duration;
  /** Making the sandbox and starting the containers. */
  readonly containerStart: Duration;
  /** What containers take to stop once they are asked to, unless their grace ends before. */
  readonly containerStop: Duration;
  /** How long a container runs that ends by itself, where nothing says how long. */
  readonly run: Duration;
}

/** For quick local work. */
export const fastKubelet: KubeletTimings = {
  imagePull: milliseconds(500),
  containerStart: milliseconds(300),
  containerStop: milliseconds(500),
  run: seconds(5),
};

/** What a node of common size takes for images of common size (inferred: 300 MB at 60 MB/s unpacked). */
export const realisticKubelet: KubeletTimings = {
  imagePull: seconds(8),
  containerStart: seconds(2),
  containerStop: seconds(2),
  run: seconds(60),
};
