import { ClusterRoleAggregationController } from './cluster-role-aggregation.js';
import { CustomResourceDefinitionController } from './custom-resource-definition.js';
import { DaemonSetController } from './daemon-set.js';
import { DeploymentController } from './deployment.js';
import { DisruptionController } from './disruption.js';
import { EndpointsController } from './endpoints.js';
import { GarbageCollector } from './garbage-collector.js';
import { JobController } from './job.js';
import { NamespaceController } from './namespace.js';
import { PodGarbageCollector } from './pod-garbage-collector/index.js';
import { ReplicaSetController } from './replica-set.js';
import { StatefulSetController } from './stateful-set.js';
import type { ControllerParts } from './controller.js';

export type { ControllerParts } from './controller.js';
export { recordEvent } from './events.js';

/** Starts the control loops of a cluster's control plane. */
export function startControllers(parts: ControllerParts): void {
  for (const Loop of [
    NamespaceController,
    CustomResourceDefinitionController,
    DeploymentController,
    ReplicaSetController,
    StatefulSetController,
    DaemonSetController,
    JobController,
    DisruptionController,
    EndpointsController,
    GarbageCollector,
    PodGarbageCollector,
    ClusterRoleAggregationController,
  ]) {
    new Loop(parts).start();
  }
}
