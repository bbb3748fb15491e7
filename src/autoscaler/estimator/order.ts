import type { KubeNode } from '../../kube/index.js';
import { containerRequests, cpuAndMemory } from './container-requests.js';
import type { PodGroup } from './pod-group.js';

/**
 * The groups whose pods take most of a node first: the shares of its cpu and its memory, added up. Equal ones keep their order,
 * which upstream leaves open (cluster autoscaler: DecreasingPodOrderer).
 */
export function decreasing(groups: readonly PodGroup[], node: KubeNode): readonly PodGroup[] {
  const { cpu, memory } = cpuAndMemory(node.status.allocatable);
  const scoreOf = ({ pods: [example] }: PodGroup): number => {
    if (!example) return 0;
    const asked = containerRequests(example);
    return share(asked.cpu, cpu) + share(asked.memory, memory);
  };
  return groups
    .map((group) => ({ group, score: scoreOf(group) }))
    .sort((a, b) => b.score - a.score)
    .map(({ group }) => group);
}

const share = (asked: number, allocatable: number): number => (allocatable > 0 ? asked / allocatable : 0);
