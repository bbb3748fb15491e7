import type { AzureError } from '../../azure/index.js';
import type { KubeletConfig, LinuxOsConfig } from '../model.js';
import { poolTarget, refusal } from '../refusal.js';
import { onCreate } from './rule.js';
import type { PoolModel } from './rule.js';

const kubeletError = (member: keyof KubeletConfig, why: string): AzureError =>
  refusal(
    'InvalidCustomKubeletConfig',
    `The value of parameter ${poolTarget(`kubeletConfig.${member}`)} is invalid: ${why}`,
    poolTarget(`kubeletConfig.${member}`),
  );

const linuxError = (member: string, why: string): AzureError =>
  refusal(
    'InvalidCustomLinuxOSConfig',
    `The value of parameter ${poolTarget(`linuxOSConfig.${member}`)} is invalid: ${why}`,
    poolTarget(`linuxOSConfig.${member}`),
  );

/** The kubelet settings that Windows nodes take. */
const windowsKubeletMembers = [
  'imageGcHighThreshold',
  'imageGcLowThreshold',
  'containerLogMaxSizeMB',
  'containerLogMaxFiles',
];

const unsafeSysctl = /^(kernel\.shm.*|kernel\.msg.*|kernel\.sem|fs\.mqueue\..*|net\..*)$/;
const goDuration = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

const choices: readonly (readonly [keyof KubeletConfig, readonly string[]])[] = [
  ['cpuManagerPolicy', ['none', 'static']],
  ['topologyManagerPolicy', ['none', 'best-effort', 'restricted', 'single-numa-node']],
];

const kubeletRanges: readonly (readonly [keyof KubeletConfig, number, number])[] = [
  ['imageGcHighThreshold', 0, 100],
  ['imageGcLowThreshold', 0, 100],
  ['containerLogMaxSizeMB', 1, 2 ** 31 - 1],
  ['containerLogMaxFiles', 2, 2 ** 31 - 1],
  ['podMaxPids', -1, 2 ** 31 - 1],
];

function kubeletConfigError({ pool }: PoolModel): AzureError | undefined {
  const config = pool.kubeletConfig;
  if (!config) return undefined;
  if (pool.osType === 'Windows') {
    const wrong = Object.keys(config).find((member) => !windowsKubeletMembers.includes(member));
    if (wrong !== undefined)
      return kubeletError(wrong as keyof KubeletConfig, 'it is not available when osType is Windows.');
  }
  for (const [member, allowed] of choices) {
    const value = config[member];
    if (value !== undefined && !allowed.includes(String(value))) {
      return kubeletError(member, `'${String(value)}' is not one of ${allowed.join(', ')}.`);
    }
  }
  for (const [member, min, max] of kubeletRanges) {
    const value = config[member];
    if (typeof value === 'number' && (value < min || value > max)) {
      return kubeletError(member, `${value} is not between ${min} and ${max}.`);
    }
  }
  if (config.cpuCfsQuotaPeriod !== undefined && !goDuration.test(config.cpuCfsQuotaPeriod)) {
    return kubeletError(
      'cpuCfsQuotaPeriod',
      `'${config.cpuCfsQuotaPeriod}' is not a duration such as "100ms".`,
    );
  }
  const { imageGcLowThreshold: low = 80, imageGcHighThreshold: high = 85 } = config;
  if (low > high) {
    return kubeletError('imageGcLowThreshold', `${low} is greater than imageGcHighThreshold ${high}.`);
  }
  const unsafe = config.allowedUnsafeSysctls?.find((name) => !unsafeSysctl.test(name));
  return unsafe === undefined
    ? undefined
    : kubeletError(
        'allowedUnsafeSysctls',
        `'${unsafe}' is not of kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.* or net.*.`,
      );
}

/** Ranges of `linuxOSConfig.sysctls` (AKS: custom node configuration). */
export const sysctlRanges: Readonly<Record<string, readonly [number, number]>> = {
  fsFileMax: [8192, Number.MAX_SAFE_INTEGER],
  fsInotifyMaxUserWatches: [781250, 2097152],
  fsAioMaxNr: [65536, 6553500],
  fsNrOpen: [8192, 20000500],
  netCoreSomaxconn: [4096, 3240000],
  netCoreNetdevMaxBacklog: [1000, 3240000],
  netCoreRmemMax: [212992, 134217728],
  netCoreWmemMax: [212992, 134217728],
  netCoreOptmemMax: [20480, 4194304],
  netIpv4TcpMaxSynBacklog: [128, 3240000],
  netIpv4TcpMaxTwBuckets: [8000, 1440000],
  netIpv4TcpFinTimeout: [5, 120],
  netIpv4TcpKeepaliveTime: [30, 432000],
  netIpv4TcpKeepaliveProbes: [1, 15],
  netIpv4TcpkeepaliveIntvl: [10, 90],
  netIpv4NeighDefaultGcThresh1: [128, 80000],
  netIpv4NeighDefaultGcThresh2: [512, 90000],
  netIpv4NeighDefaultGcThresh3: [1024, 100000],
  netNetfilterNfConntrackMax: [131072, 2097152],
  netNetfilterNfConntrackBuckets: [65536, 524288],
  vmVfsCachePressure: [1, 100],
  vmSwappiness: [0, 100],
};

function portRangeError(value: unknown): AzureError | undefined {
  const member = 'sysctls.netIpv4IpLocalPortRange';
  const match = typeof value === 'string' ? /^(\d{1,5})\s+(\d{1,5})$/.exec(value) : null;
  if (!match) return linuxError(member, `'${String(value)}' is not two ports such as "32768 60999".`);
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (first < 1024 || first > 60999)
    return linuxError(member, `the first port ${first} is not between 1024 and 60999.`);
  if (last < 32768 || last > 65535)
    return linuxError(member, `the last port ${last} is not between 32768 and 65535.`);
  return first < last
    ? undefined
    : linuxError(member, `the first port ${first} is not below the last, ${last}.`);
}

function sysctlsError(sysctls: Readonly<Record<string, unknown>>): AzureError | undefined {
  for (const [member, value] of Object.entries(sysctls)) {
    if (member === 'netIpv4IpLocalPortRange') {
      const error = portRangeError(value);
      if (error) return error;
      continue;
    }
    const bounds = Object.hasOwn(sysctlRanges, member) ? sysctlRanges[member] : undefined;
    if (!bounds) continue;
    const [min, max] = bounds;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      return linuxError(
        `sysctls.${member}`,
        `${String(value)} is not a whole number between ${min} and ${max}.`,
      );
    }
  }
  return undefined;
}

const hugePages: readonly (readonly [keyof LinuxOsConfig, readonly string[]])[] = [
  ['transparentHugePageEnabled', ['always', 'madvise', 'never']],
  ['transparentHugePageDefrag', ['always', 'defer', 'defer+madvise', 'madvise', 'never']],
];

function linuxConfigError({ pool, size }: PoolModel): AzureError | undefined {
  const config = pool.linuxOSConfig;
  if (!config) return undefined;
  if (pool.osType === 'Windows') {
    return refusal(
      'InvalidCustomLinuxOSConfig',
      `The value of parameter ${poolTarget('linuxOSConfig')} is invalid: it must not be set when osType is Windows.`,
      poolTarget('linuxOSConfig'),
    );
  }
  for (const [member, allowed] of hugePages) {
    const value = config[member];
    if (value !== undefined && !allowed.includes(String(value))) {
      return linuxError(member, `'${String(value)}' is not one of ${allowed.join(', ')}.`);
    }
  }
  return sysctlsError(config.sysctls ?? {}) ?? swapError(pool, config, size?.tempDiskGiB ?? null);
}

function swapError(
  pool: PoolModel['pool'],
  config: LinuxOsConfig,
  tempDiskGiB: number | null,
): AzureError | undefined {
  const swap = config.swapFileSizeMB;
  if (swap === undefined || swap === 0) return undefined;
  if (swap < 0) return linuxError('swapFileSizeMB', `${swap} is negative.`);
  if (tempDiskGiB !== null && swap > tempDiskGiB * 1024) {
    return linuxError(
      'swapFileSizeMB',
      `${swap} MB is more than the temporary disk of ${pool.vmSize}, ${tempDiskGiB * 1024} MB.`,
    );
  }
  return pool.kubeletConfig?.failSwapOn === false
    ? undefined
    : linuxError('swapFileSizeMB', 'a swap file needs kubeletConfig.failSwapOn false.');
}

/** Custom node configuration: kubelet and Linux settings, fixed when the pool is created. */
export const nodeConfigRules = [
  onCreate('kubelet configuration', kubeletConfigError),
  onCreate('Linux configuration', linuxConfigError),
];
