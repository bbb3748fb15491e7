import { isReachable } from '../../kube/index.js';
import type { KubeNode, PersistentVolume } from '../../kube/index.js';

const hostName = 'kubernetes.io/hostname';

interface Ranked {
  readonly rank: number;
  readonly volume: PersistentVolume;
}

/**
 * Volumes that a claim may be bound to, the best first. Those that named hosts alone can reach, as local disks, are found by
 * the host: a node costs no look at the volumes of all others.
 */
export class RankedVolumes {
  readonly #anywhere: Ranked[] = [];
  readonly #byHost = new Map<string, Ranked[]>();

  constructor(volumes: readonly PersistentVolume[]) {
    for (const [rank, volume] of volumes.entries()) {
      const hosts = hostsOf(volume);
      if (!hosts) this.#anywhere.push({ rank, volume });
      for (const host of hosts ?? []) {
        const there = this.#byHost.get(host) ?? [];
        there.push({ rank, volume });
        this.#byHost.set(host, there);
      }
    }
  }

  /** The best that a node can reach, but for those that are taken. */
  firstFor(node: KubeNode, taken: ReadonlySet<string>): PersistentVolume | undefined {
    const isFit = ({ volume }: Ranked): boolean =>
      !taken.has(volume.metadata.name) && isReachable(volume, node);
    const there = this.#byHost.get(node.metadata.labels?.[hostName] ?? '')?.find(isFit);
    const anywhere = this.#anywhere.find(isFit);
    if (!there || !anywhere) return (there ?? anywhere)?.volume;
    return (there.rank < anywhere.rank ? there : anywhere).volume;
  }
}

/** The hosts that alone can reach a volume; undefined where its affinity names none. */
function hostsOf({ spec }: PersistentVolume): ReadonlySet<string> | undefined {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const hosts = new Set<string>();
  for (const { matchExpressions = [] } of terms) {
    const named = matchExpressions.find(({ key, operator }) => key === hostName && operator === 'In');
    if (!named) return undefined;
    for (const host of named.values ?? []) hosts.add(host);
  }
  return hosts;
}
