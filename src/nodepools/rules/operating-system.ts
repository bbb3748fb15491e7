import type { AzureError } from '../../azure/index.js';
import { imageExists, osOf } from '../images/index.js';
import type { OsType } from '../model.js';
import { invalidPool, poolTarget, refusal } from '../refusal.js';
import { atLeastMinor } from '../versions/index.js';
import type { Version } from '../versions/index.js';
import { always, onCreate } from './rule.js';
import type { PoolModel } from './rule.js';

const isWindowsSku = (sku: string): boolean => sku.startsWith('Windows');

/** The OS SKU of a pool that names none (AKS: OS version defaults; Windows Server 2025 from 1.37). */
export function defaultOsSku(osType: OsType, version: Version): string {
  if (osType === 'Linux') return 'Ubuntu';
  return atLeastMinor(version, 37) ? 'Windows2025' : 'Windows2022';
}

const invalidSku = (why: string): AzureError =>
  refusal(
    'InvalidOSSKU',
    `The value of parameter ${poolTarget('osSKU')} is invalid: ${why}`,
    poolTarget('osSKU'),
  );

/** Minors of Kubernetes in which an OS SKU is offered: from inclusive, until exclusive. */
const skuMinors: Readonly<Record<string, { from?: number; until?: number }>> = {
  Windows2019: { until: 33 },
  Windows2022: { until: 37 },
  Windows2025: { from: 32 },
  AzureLinux: { from: 32 },
  CBLMariner: { from: 32 },
  AzureContainerLinux: { from: 34 },
};

function skuOffered({ pool, version }: PoolModel): AzureError | undefined {
  const { from, until } = skuMinors[pool.osSKU] ?? {};
  if (from !== undefined && !atLeastMinor(version, from)) {
    return invalidSku(
      `${pool.osSKU} needs Kubernetes 1.${from} or newer, not ${pool.currentOrchestratorVersion}.`,
    );
  }
  if (until !== undefined && atLeastMinor(version, until)) {
    return invalidSku(
      `${pool.osSKU} is not available from Kubernetes 1.${until} on; the pool has ${pool.currentOrchestratorVersion}.`,
    );
  }
  return undefined;
}

/** OS SKUs between which a Linux pool may move: its nodes are reimaged. */
const movable = (sku: string): boolean => !isWindowsSku(sku);

const wantsTrustedLaunch = ({ pool }: PoolModel): boolean =>
  pool.securityProfile?.enableVTPM === true || pool.securityProfile?.enableSecureBoot === true;

/** Reports the member of `securityProfile` that asks for trusted launch. */
const trustedLaunchTarget = ({ pool }: PoolModel): string =>
  `securityProfile.${pool.securityProfile?.enableVTPM ? 'enableVTPM' : 'enableSecureBoot'}`;

/** OS type and SKU, FIPS, Arm64, trusted launch and the workload runtime (AKS: node images, FIPS, trusted launch). */
export const operatingSystemRules = [
  always('OS SKU of the OS type', ({ pool }) =>
    isWindowsSku(pool.osSKU) === (pool.osType === 'Windows')
      ? undefined
      : invalidSku(`${pool.osSKU} can't be used with osType ${pool.osType}.`),
  ),
  always('OS SKU change', ({ pool, current }) => {
    if (!current || current.osSKU === pool.osSKU) return undefined;
    if (movable(current.osSKU) && movable(pool.osSKU)) return undefined;
    return refusal(
      'PropertyChangeNotAllowed',
      `Changing property 'properties.osSKU' is not allowed: from ${current.osSKU} to ${pool.osSKU} needs a new agent pool.`,
      'properties.osSKU',
    );
  }),
  always('OS SKU offered', (model) =>
    model.current && model.current.osSKU === model.pool.osSKU ? undefined : skuOffered(model),
  ),
  onCreate('Windows needs Azure CNI', ({ pool, ctx }) =>
    pool.osType === 'Windows' && ctx.cluster.networkPlugin !== 'azure'
      ? refusal(
          'BadRequest',
          'Windows agent pools can only be added to AKS clusters using Azure-CNI',
          poolTarget('osType'),
          'AzureCNIOnlyForWindows',
        )
      : undefined,
  ),
  onCreate('Windows needs a Windows profile', ({ pool, ctx }) =>
    pool.osType === 'Windows' && !ctx.cluster.hasWindowsProfile
      ? refusal(
          'WindowsProfileMissing',
          `${poolTarget('osType')} Windows needs a cluster created with windowsProfile (an administrator name and password).`,
          poolTarget('osType'),
        )
      : undefined,
  ),
  onCreate('the first pool runs Linux', ({ pool, ctx }) =>
    pool.osType === 'Windows' && !ctx.cluster.beingCreated && ctx.siblings.length === 0
      ? invalidPool('osType', 'the first agent pool of a cluster must run Linux.')
      : undefined,
  ),
  onCreate('Windows sizes', ({ pool, size }) =>
    pool.osType === 'Windows' && size?.cpuArchitecture === 'arm64'
      ? refusal(
          'VMSizeNotSupportedForWindowsAgentPool',
          `The VM size ${size.name} (${poolTarget('vmSize')}) is Arm64, which Windows agent pools do not support.`,
          poolTarget('vmSize'),
        )
      : undefined,
  ),
  onCreate('outbound NAT of Windows', ({ pool, ctx }) => {
    const target = 'windowsProfile.disableOutboundNat';
    if (pool.windowsProfile && pool.osType !== 'Windows') {
      return invalidPool('windowsProfile', 'it can only be set when osType is Windows.');
    }
    if (!pool.windowsProfile?.disableOutboundNat) return undefined;
    if (!['managedNATGateway', 'userAssignedNATGateway'].includes(ctx.cluster.outboundType)) {
      return invalidPool(
        target,
        `it needs a cluster with outboundType managedNATGateway or userAssignedNATGateway, not ${ctx.cluster.outboundType}.`,
      );
    }
    return pool.enableNodePublicIP
      ? invalidPool(target, "it can't be used with enableNodePublicIP.")
      : undefined;
  }),
  onCreate('message of the day', ({ pool }) => {
    if (pool.messageOfTheDay === undefined) return undefined;
    if (pool.osType === 'Windows')
      return invalidPool('messageOfTheDay', 'it must not be set when osType is Windows.');
    return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(pool.messageOfTheDay)
      ? undefined
      : invalidPool('messageOfTheDay', 'it must be base64-encoded.');
  }),
  onCreate('workload runtime', ({ pool, size }) => {
    if (pool.workloadRuntime === 'WasmWasi') {
      return invalidPool('workloadRuntime', 'WasmWasi is retired; use OCIContainer.');
    }
    if (pool.workloadRuntime !== 'KataVmIsolation') return undefined;
    if (pool.enableFIPS)
      return invalidPool('workloadRuntime', "KataVmIsolation can't be used with enableFIPS.");
    if (!['AzureLinux', 'AzureLinux3'].includes(pool.osSKU)) {
      return invalidPool('workloadRuntime', `KataVmIsolation needs osSKU AzureLinux, not ${pool.osSKU}.`);
    }
    const generations = size?.hyperVGenerations;
    return generations && !generations.includes('V2')
      ? invalidPool(
          'workloadRuntime',
          `KataVmIsolation needs a generation 2 VM size, which ${size.name} is not.`,
        )
      : undefined;
  }),
  always('FIPS on Arm64', ({ pool, size }) =>
    pool.enableFIPS && size?.cpuArchitecture === 'arm64' && !osOf(choiceOf(pool)).startsWith('Azure')
      ? invalidPool(
          'enableFIPS',
          `on the Arm64 size ${size.name} it needs osSKU AzureLinux, not ${pool.osSKU}.`,
        )
      : undefined,
  ),
  always('FIPS images', ({ pool }) => {
    if (pool.osSKU === 'Windows2025' && pool.enableFIPS === false) {
      return invalidPool('enableFIPS', 'Windows2025 always runs with FIPS: set it to true.');
    }
    return pool.enableFIPS && pool.osSKU === 'Ubuntu2404'
      ? invalidPool('enableFIPS', 'there is no FIPS image of Ubuntu2404: use osSKU Ubuntu or Ubuntu2204.')
      : undefined;
  }),
  always('trusted launch', (model) => {
    if (!wantsTrustedLaunch(model)) return undefined;
    const { pool, size, version } = model;
    const target = trustedLaunchTarget(model);
    if (pool.osType === 'Windows') return invalidPool(target, 'trusted launch is not available on Windows.');
    if (size?.cpuArchitecture === 'arm64') {
      return invalidPool(target, `trusted launch is not available on Arm64 sizes such as ${size.name}.`);
    }
    if (size?.hyperVGenerations && !size.hyperVGenerations.includes('V2')) {
      return invalidPool(target, `trusted launch needs a generation 2 VM size, which ${size.name} is not.`);
    }
    if (!atLeastMinor(version, 25))
      return invalidPool(target, 'trusted launch needs Kubernetes 1.25.2 or newer.');
    return pool.enableFIPS && osOf(choiceOf(pool)) !== 'Ubuntu 22.04'
      ? invalidPool(
          target,
          'trusted launch together with enableFIPS needs Ubuntu 22.04 (osSKU Ubuntu or Ubuntu2204).',
        )
      : undefined;
  }),
  always('image built for the combination', (model) => {
    const { pool, size } = model;
    const exists = imageExists({
      ...choiceOf(pool),
      osType: pool.osType,
      size,
      trustedLaunch: wantsTrustedLaunch(model),
      podSandboxing: pool.workloadRuntime === 'KataVmIsolation',
    });
    return exists
      ? undefined
      : invalidSku(`there is no node image of ${pool.osSKU} for VM size ${pool.vmSize} with these settings.`);
  }),
];

const choiceOf = (pool: PoolModel['pool']) => ({
  osSKU: pool.osSKU,
  kubernetesVersion: pool.currentOrchestratorVersion,
  fips: pool.enableFIPS === true,
});
