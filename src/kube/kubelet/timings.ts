import type { Duration } from '../../units/index.js';
import { milliseconds, seconds } from '../../units/index.js';

/** How long a node takes for the steps of a pod's life. Durations are in milliseconds. */
export interface KubeletTimings {
  /** Asking the registry for an image, whether it is pulled then or not. */
  readonly imageCheck: Duration;
  /** What an image comes in at, unpacked: bytes a second for each cpu of the node, within bounds. */
  readonly pullRate: { readonly perCpu: number; readonly least: number; readonly most: number };
  /** Making and starting a container, its sandbox and volumes included. */
  readonly containerStart: Duration;
  /** What a container takes to stop once it is asked to, unless its grace ends before. */
  readonly containerStop: Duration;
  /** How long a container runs that ends by itself, where nothing says how long. */
  readonly run: Duration;
  /** The same for an init container. */
  readonly initRun: Duration;
  /** How long it takes until the end of a container is acted on (kubelet: relist period of its pods). */
  readonly notice: Duration;
}

const megabyte = 1_000_000;

/** For quick local work (chosen). */
export const fastKubelet: KubeletTimings = {
  imageCheck: milliseconds(100),
  pullRate: { perCpu: 250 * megabyte, least: 500 * megabyte, most: 2000 * megabyte },
  containerStart: milliseconds(300),
  containerStop: milliseconds(500),
  run: seconds(5),
  initRun: milliseconds(500),
  notice: milliseconds(200),
};

/**
 * What a node takes for images of common size. Unpacking is bound by cpu and disk: 60 MB/s on four cpus (inferred); the
 * second until an end is noticed is the kubelet's.
 */
export const realisticKubelet: KubeletTimings = {
  imageCheck: milliseconds(500),
  pullRate: { perCpu: 15 * megabyte, least: 30 * megabyte, most: 120 * megabyte },
  containerStart: seconds(2),
  containerStop: seconds(2),
  run: seconds(60),
  initRun: seconds(5),
  notice: seconds(1),
};
