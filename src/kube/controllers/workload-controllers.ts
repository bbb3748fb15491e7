import { AutoscalerController } from './autoscaling/index.js';
import { CronJobController } from './cron-job/index.js';
import { DaemonSetController } from './daemon-set/index.js';
import { DeploymentController } from './deployment/index.js';
import { DisruptionController } from './disruption/index.js';
import { JobController, JobPodRelease } from './job/index.js';
import { ReplicaSetController, ReplicationControllerController } from './replication/index.js';
import {
  EndpointSliceController,
  EndpointsController,
  EndpointsMirror,
  LoadBalancerController,
  ServiceAddressController,
  ServiceAddressRelease,
  ServiceCidrController,
} from './services/index.js';
import { StatefulSetController } from './stateful-set/index.js';

/** The control loops of workloads and of what stands in front of them. */
export const workloadControllers = [
  DeploymentController,
  ReplicaSetController,
  ReplicationControllerController,
  StatefulSetController,
  DaemonSetController,
  JobController,
  JobPodRelease,
  CronJobController,
  AutoscalerController,
  DisruptionController,
  EndpointSliceController,
  EndpointsController,
  EndpointsMirror,
  LoadBalancerController,
  ServiceAddressController,
  ServiceAddressRelease,
  ServiceCidrController,
] as const;
