import { StatusError } from '../api/index.js';
import type { KubeObject } from '../object.js';
import type { Pod } from '../kinds/index.js';

/**
 * What a simulated container has written: when it started and what it is.
 *
 * @throws StatusError 400 for a container that the pod does not have, or that has not started
 */
export function containerLog(object: KubeObject, wanted: string | undefined): string {
  const pod = object as Pod;
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const container = wanted === undefined ? pod.spec.containers[0] : all.find(({ name }) => name === wanted);
  const { name: podName } = pod.metadata;
  if (!container) {
    throw StatusError.badRequest(`container ${wanted ?? ''} is not valid for pod ${podName}`);
  }
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const state = statuses.find(({ name }) => name === container.name)?.state;
  const started = state?.running?.startedAt ?? state?.terminated?.startedAt;
  if (started === undefined) {
    const why = state?.waiting?.reason ?? 'ContainerCreating';
    throw StatusError.badRequest(
      `container "${container.name}" in pod "${podName}" is waiting to start: ${why}`,
    );
  }
  return `${started} simulated container ${container.name} of image ${container.image ?? ''} started\n`;
}
