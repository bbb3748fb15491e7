import { containerRequests, cpuAndMemory } from '../estimator/index.js';
import { keepLeast } from './expander.js';
import type { Expander, ExpansionOption } from './expander.js';

/**
 * Keeps those whose new nodes would have least cpu and memory left over; the score is the two shares added up (expander
 * `least-waste`). What counts is what the nodes have in all, so that what is kept back of them and what daemons take is no waste.
 */
export const leastWaste: Expander = {
  name: 'least-waste',
  filter: (options) => keepLeast(options, waste),
};

function waste({ nodes, pods, template }: ExpansionOption): number | undefined {
  const { cpu, memory } = cpuAndMemory(template.node.status.capacity);
  const asked = { cpu: 0, memory: 0 };
  for (const pod of pods) {
    const requests = containerRequests(pod);
    asked.cpu += requests.cpu;
    asked.memory += requests.memory;
  }
  const score = unused(cpu * nodes, asked.cpu) + unused(memory * nodes, asked.memory);
  return Number.isFinite(score) ? score : undefined;
}

const unused = (available: number, asked: number): number => (available - asked) / available;
