import type { ControllerParts } from '../controller.js';
import { AddOnManager } from './add-on-manager.js';
import { MetricsServerResizer } from './metrics-server-resizer.js';
import { ProportionalAutoscaler } from './proportional-autoscaler.js';

/** Starts what keeps AKS's own workloads. */
export function startAddOns(parts: ControllerParts): void {
  for (const Loop of [AddOnManager, ProportionalAutoscaler, MetricsServerResizer]) new Loop(parts).start();
}
