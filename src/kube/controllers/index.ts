import { ApiServiceController } from './api-service.js';
import { ClusterRoleAggregationController } from './cluster-role-aggregation.js';
import { CustomResourceDefinitionController } from './custom-resource-definition.js';
import { GarbageCollector } from './garbage-collector.js';
import { NamespaceController } from './namespace.js';
import { NodeLifecycleController } from './node-lifecycle/index.js';
import { PodGarbageCollector } from './pod-garbage-collector/index.js';
import { startResourceClaims } from './resource-claims/index.js';
import { ResourceQuotaController } from './resource-quota.js';
import { RootCertificateController } from './root-certificate.js';
import { SigningRequestCleaner } from './signing-request-cleaner.js';
import { TaintEvictionController } from './taint-eviction/index.js';
import { TokenSecretController } from './token-secret.js';
import type { ControlPlaneKeys } from '../keys.js';
import { workloadControllers } from './workload-controllers.js';
import { startAddOns } from './add-ons/index.js';
import { startVolumeControllers } from './volumes/index.js';
import type { VolumeTimings } from '../volumes/index.js';
import type { ControllerParts } from './controller.js';

export type { ControllerParts } from './controller.js';
export { daemonsOn } from './daemon-set/index.js';
export { recordEvent } from './events.js';

/** Starts the control loops of a cluster's control plane. */
export function startControllers(parts: ControllerParts, volumes: VolumeTimings): void {
  for (const Loop of [
    NamespaceController,
    CustomResourceDefinitionController,
    ApiServiceController,
    ...workloadControllers,
    GarbageCollector,
    NodeLifecycleController,
    TaintEvictionController,
    PodGarbageCollector,
    ClusterRoleAggregationController,
    SigningRequestCleaner,
    ResourceQuotaController,
  ]) {
    new Loop(parts).start();
  }
  startVolumeControllers(parts, volumes);
  startResourceClaims(parts);
  startAddOns(parts);
}

/** Starts the control loops that sign, which only a process with keys can. */
export function startSigning(parts: ControllerParts, keys: ControlPlaneKeys): void {
  new RootCertificateController(parts, keys).start();
  new TokenSecretController(parts, keys).start();
}
