import { readCatalogueFile } from '../catalogue-file.js';
import type { OsType } from '../model.js';
import { atLeastMinor } from '../versions/index.js';
import type { Version } from '../versions/index.js';

interface ReservedFile {
  readonly cpu: { readonly steps: readonly { upToCores: number | null; millicoresPerCore: number }[] };
  readonly memory: readonly [
    {
      readonly perPodMi: number;
      readonly baseMi: number;
      readonly capFraction: number;
      readonly evictionHardMi: number;
    },
    {
      readonly kubeReservedBrackets: readonly { upToGiB: number | null; fraction: number }[];
      readonly evictionHardMi: number;
    },
  ];
  readonly windows: { readonly extraSystemReservedMi: number };
}

let file: ReservedFile | undefined;
const rules = (): ReservedFile => (file ??= readCatalogueFile<ReservedFile>('reserved-resources.json'));

/** Sums `rate` over the stretch of 0..amount that each step covers. */
function stepped(
  amount: number,
  steps: readonly { readonly upTo: number | null; readonly rate: number }[],
): number {
  let from = 0;
  let sum = 0;
  for (const { upTo, rate } of steps) {
    const to = Math.min(amount, upTo ?? Infinity);
    if (to > from) sum += (to - from) * rate;
    from = upTo ?? Infinity;
  }
  return sum;
}

/** CPU kept for Kubernetes on a node, in millicores (AKS: node resource reservations). */
export const reservedCpuMillicores = (vCPUs: number): number =>
  stepped(
    vCPUs,
    rules().cpu.steps.map(({ upToCores, millicoresPerCore }) => ({
      upTo: upToCores,
      rate: millicoresPerCore,
    })),
  );

/** What decides the memory kept on a node. */
export interface MemoryBasis {
  readonly version: Version;
  /** Memory of the VM size: the 25 % cap is of this, not of what the node reports. */
  readonly memoryGiB: number;
  readonly maxPods: number;
  readonly osType: OsType;
}

/**
 * Memory between a node's capacity and its allocatable, in Mi: kube-reserved, the eviction threshold and, on Windows,
 * its system processes.
 */
export function reservedMemoryMi({ version, memoryGiB, maxPods, osType }: MemoryBasis): number {
  const [since29, before29] = rules().memory;
  const windows = osType === 'Windows' ? rules().windows.extraSystemReservedMi : 0;
  if (atLeastMinor(version, 29)) {
    const byPods = since29.perPodMi * maxPods + since29.baseMi;
    const cap = memoryGiB * 1024 * since29.capFraction;
    return Math.floor(Math.min(byPods, cap)) + since29.evictionHardMi + windows;
  }
  const brackets = before29.kubeReservedBrackets.map(({ upToGiB, fraction }) => ({
    upTo: upToGiB,
    rate: fraction,
  }));
  return Math.floor(stepped(memoryGiB, brackets) * 1024) + before29.evictionHardMi + windows;
}
