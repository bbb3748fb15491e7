import type { ContainerLife, Pod, PodLife, PodPhase } from '../kinds/index.js';
import { isSidecar } from '../kinds/index.js';
import { unborn } from './containers.js';
import { isFinal } from './pod-machine.js';
import { own } from '../../units/index.js';

/**
 * The one word for where a pod is (Kubernetes: pod phase). Sidecars don't count: a pod has succeeded when its own containers
 * have. A pod that was made to end is judged by their exit codes, whatever its restart policy.
 */
export function phaseOf({ spec }: Pod, life: PodLife): PodPhase {
  if (life.stop && life.hasEnded && life.stop.cause !== 'deletion') return 'Failed';
  const of = (name: string): ContainerLife => own(life.containers, name) ?? unborn;
  const inits = (spec.initContainers ?? []).filter((container) => !isSidecar(container));
  const endings = spec.containers.map(({ name }) => of(name).stage);
  const succeeded = endings.every((stage) => stage.kind === 'ended' && stage.how.exitCode === 0);
  if (life.hasEnded) return succeeded ? 'Succeeded' : 'Failed';
  const areInitsDone = inits.every(({ name }) => {
    const { stage } = of(name);
    return isFinal(stage) && stage.kind === 'ended' && stage.how.exitCode === 0;
  });
  const areBegun = spec.containers.every(({ name }) => hasRun(of(name)));
  return areInitsDone && areBegun ? 'Running' : 'Pending';
}

/** True for a container that runs, or has. */
const hasRun = ({ stage, last }: ContainerLife): boolean =>
  stage.kind === 'running' || stage.kind === 'ended' || last !== undefined;
