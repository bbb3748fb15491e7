import type { ControllerParts } from '../controllers/controller.js';
import { CordonReports } from './cordon-reports.js';
import { Kubelet } from './kubelet.js';
import { ImageReports } from './node-images.js';
import { PodTurns } from './pod-turns.js';
import { MemoryPressure } from './pressure.js';
import type { KubeletTimings } from './timings.js';

export { containerLog } from './log/container-log.js';
export type { ContainerLog, LogOptions } from './log/container-log.js';
export { containerUsage } from './usage.js';
export type { Usage } from './usage.js';
export { fastKubelet, realisticKubelet } from './timings.js';
export type { KubeletTimings } from './timings.js';

/** Starts the kubelets of all nodes. */
export function startKubelets(parts: ControllerParts, timings: KubeletTimings): void {
  new Kubelet(parts, timings).start();
  new ImageReports(parts).start();
  new CordonReports(parts).start();
  new MemoryPressure(parts, new PodTurns(parts, timings)).start();
}
export { goDuration } from './go-duration.js';
