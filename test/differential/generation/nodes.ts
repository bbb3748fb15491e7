import type { Node, ResourceList } from '../objects.js';
import type { Chance } from './chance.js';
import { gpu, hostname, hugePages, region, taint, zone, zones } from './vocabulary.js';
import type { Theme } from './vocabulary.js';

/** Mostly few; from 100 on the scheduler does not look at all of them. */
export function nodeCount(chance: Chance): number {
  if (chance.hits(0.012)) return 0;
  if (chance.hits(0.01)) return chance.between(95, 150);
  if (chance.hits(0.12)) return chance.between(8, 20);
  return chance.between(1, 7);
}

export const images = [
  { name: 'registry.example/web:1', sizeBytes: 400 * 1024 * 1024 },
  { name: 'registry.example/db:2', sizeBytes: 900 * 1024 * 1024 },
  { name: 'registry.example/tool:latest', sizeBytes: 60 * 1024 * 1024 },
  { name: 'registry.example:5000/huge:3', sizeBytes: 2600 * 1024 * 1024 },
] as const;

export function makeNodes(chance: Chance, theme: Theme, count: number): Node[] {
  const alike = allocatable(chance, theme);
  const isUniform = chance.hits(0.5);
  const taintedness = theme === 'taints' ? 0.7 : theme === 'spread' ? 0.25 : 0.08;
  return chance.make(count, (index) => {
    const name = `n${String(index)}`;
    const taints = chance.hits(taintedness)
      ? chance.make(chance.between(1, theme === 'taints' ? 3 : 1), () => taint(chance))
      : [];
    const unschedulable = chance.hits(theme === 'taints' ? 0.15 : 0.03);
    return {
      metadata: { name, uid: `uid-${name}`, labels: labels(chance, theme, name) },
      spec: {
        ...(unschedulable ? { unschedulable } : {}),
        ...(taints.length > 0 ? { taints } : {}),
      },
      status: {
        allocatable: isUniform ? alike : allocatable(chance, theme),
        ...chance.maybe(theme === 'images' ? 0.9 : 0.15, () => ({ images: presentImages(chance) })),
      },
    };
  });
}

function labels(chance: Chance, theme: Theme, name: string): Record<string, string> {
  const isBare = chance.hits(theme === 'spread' || theme === 'defaultSpread' ? 0.12 : 0.04);
  return {
    ...chance.maybe(isBare ? 0.5 : 1, () => ({ [hostname]: name })),
    ...chance.maybe(isBare ? 0.2 : 0.95, () => ({ [zone]: chance.pick(zones) })),
    ...chance.maybe(isBare ? 0.2 : 0.9, () => ({ [region]: 'west' })),
    ...chance.maybe(0.5, () => ({ rack: chance.pick(['r1', 'r2', 'r3']) })),
    ...chance.maybe(0.6, () => ({ disk: chance.pick(['ssd', 'hdd']) })),
    ...chance.maybe(0.5, () => ({ cores: chance.pick(['2', '4', '8', 'many']) })),
    ...chance.maybe(0.03, () => ({ 'failure-domain.beta.kubernetes.io/zone': chance.pick(zones) })),
  };
}

function allocatable(chance: Chance, theme: Theme): ResourceList {
  return {
    cpu: chance.pick(['1', '1900m', '2', '3860m', '4']),
    memory: chance.pick(['1Gi', '2Gi', '3500Mi', '4194304Ki', '6G', '8Gi']),
    pods: String(chance.hits(theme === 'resources' ? 0.3 : 0.03) ? chance.between(0, 4) : 30),
    ...chance.maybe(0.7, () => ({ 'ephemeral-storage': chance.pick(['10Gi', '119703055367']) })),
    ...chance.maybe(theme === 'resources' ? 0.8 : 0.3, () => ({ [gpu]: chance.pick(['1', '2', '4']) })),
    ...chance.maybe(theme === 'resources' ? 0.8 : 0.2, () => ({
      [hugePages]: chance.pick(['64Mi', '128Mi']),
    })),
  };
}

const presentImages = (chance: Chance) =>
  chance.some(images, 0.5).map(({ name, sizeBytes }) => ({
    names: [name, ...chance.some(['registry.example/alias:1'], 0.2)],
    sizeBytes: chance.hits(0.1) ? sizeBytes + chance.between(1, 1000) : sizeBytes,
  }));
