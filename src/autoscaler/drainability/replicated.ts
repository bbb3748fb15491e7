import { controllerOf } from '../../kube/index.js';
import { podName } from '../pod-name.js';
import { blocks } from './rule.js';
import type { DrainRule } from './rule.js';

const knownKinds: ReadonlySet<string> = new Set([
  'ReplicationController',
  'ReplicaSet',
  'Job',
  'StatefulSet',
]);

/** Pods stay that nobody would make again; `unknown` says whether that goes for those of a controller of another kind too. */
export const replicated =
  (unknown: 'stay' | 'go'): DrainRule =>
  (pod) => {
    const owner = controllerOf(pod);
    const isReplicated = owner !== undefined && (unknown === 'go' || knownKinds.has(owner.kind));
    return isReplicated ? undefined : blocks('NotReplicated', `${podName(pod)} is not replicated`);
  };
