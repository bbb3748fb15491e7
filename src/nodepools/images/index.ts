import type { Instant } from '../../units/index.js';
import { toIso } from '../../units/index.js';
import { readCatalogueFile } from '../catalogue-file.js';
import type { OsType, VmSizeFacts } from '../model.js';
import { atLeastMinor, knownVersion } from '../versions/index.js';

/** What decides a node image (AKS: node images). */
export interface ImageChoice {
  readonly osType: OsType;
  readonly osSKU: string;
  /** The version the nodes run, `x.y.z`. */
  readonly kubernetesVersion: string;
  /** Absent when the size is not in the catalogue: an ordinary generation 2 x64 size is assumed. */
  readonly size: VmSizeFacts | undefined;
  readonly fips: boolean;
  readonly trustedLaunch: boolean;
  readonly podSandboxing: boolean;
}

interface ImageDefinition {
  readonly gallery: string;
  readonly definition: string;
  readonly os: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly hyperVGenerations: readonly string[];
  readonly features: readonly string[];
}

interface ImagesFile {
  readonly imageDefinitions: readonly ImageDefinition[];
  readonly versions: readonly {
    readonly os: string;
    readonly images: readonly { version: string; date: string }[];
  }[];
}

let file: ImagesFile | undefined;
const imagesFile = (): ImagesFile => (file ??= readCatalogueFile<ImagesFile>('node-images.json'));

/** The operating system, with its version, that an OS SKU stands for at a Kubernetes version (AKS: OS version defaults). */
export function osOf({
  osSKU,
  kubernetesVersion,
  fips,
}: Pick<ImageChoice, 'osSKU' | 'kubernetesVersion' | 'fips'>): string {
  const version = knownVersion(kubernetesVersion);
  switch (osSKU) {
    case 'Ubuntu2204':
      return 'Ubuntu 22.04';
    case 'Ubuntu2404':
      return 'Ubuntu 24.04';
    case 'AzureLinux':
    case 'CBLMariner':
      return atLeastMinor(version, 32) ? 'Azure Linux 3.0' : 'Azure Linux 2.0';
    case 'AzureLinux3':
      return 'Azure Linux 3.0';
    case 'AzureContainerLinux':
      return 'Azure Container Linux';
    case 'Windows2019':
      return 'Windows Server 2019';
    case 'Windows2022':
      return 'Windows Server 2022';
    case 'Windows2025':
      return 'Windows Server 2025';
    default:
      return atLeastMinor(version, 35) && !fips ? 'Ubuntu 24.04' : 'Ubuntu 22.04';
  }
}

/** The versioned SKU of a node's label `os-sku-effective`, e.g. `Ubuntu2404`. */
export function effectiveOsSku(choice: Pick<ImageChoice, 'osSKU' | 'kubernetesVersion' | 'fips'>): string {
  const os = osOf(choice);
  if (os === 'Azure Container Linux') return 'AzureContainerLinux';
  return os
    .replace('Windows Server ', 'Windows')
    .replace('Azure Linux ', 'AzureLinux')
    .replace('Ubuntu ', 'Ubuntu')
    .replace(/\.0$/, '')
    .replace('.', '');
}

/** Generation 2 wherever the size allows it; Windows Server 2019 and 2022 images stay at generation 1 if the size can. */
function generationOf(choice: ImageChoice, os: string): 'V1' | 'V2' {
  const generations = choice.size?.hyperVGenerations ?? ['V1', 'V2'];
  const wantsFirst = os === 'Windows Server 2022' || os === 'Windows Server 2019';
  if (wantsFirst && generations.includes('V1') && !choice.trustedLaunch) return 'V1';
  return generations.includes('V2') ? 'V2' : 'V1';
}

const wantedFeatures = (choice: ImageChoice, os: string): readonly string[] => [
  ...(choice.fips && choice.osType === 'Linux' ? ['fips'] : []),
  ...(choice.trustedLaunch || os === 'Azure Container Linux' ? ['trustedLaunch'] : []),
  ...(choice.podSandboxing ? ['podSandboxing'] : []),
];

function definitionFor(choice: ImageChoice): ImageDefinition | undefined {
  const os = osOf(choice);
  const architecture = choice.size?.cpuArchitecture === 'arm64' ? 'arm64' : 'amd64';
  const generation = generationOf(choice, os);
  const features = wantedFeatures(choice, os);
  return imagesFile().imageDefinitions.find(
    (image) =>
      image.os === os &&
      image.architecture === architecture &&
      image.hyperVGenerations.includes(generation) &&
      image.features.length === features.length &&
      features.every((feature) => image.features.includes(feature)),
  );
}

/** Whether AKS builds an image of this OS, architecture, generation and set of features at all. */
export const imageExists = (choice: ImageChoice): boolean => definitionFor(choice) !== undefined;

/**
 * The newest node image on a day, as AKS names it: `AKSUbuntu-2404gen2containerd-202607.09.0`. Days before the first
 * recorded image get that first one; an OS without recorded versions gets the version of the newest Linux build.
 */
export function latestNodeImage(choice: ImageChoice, today: Instant): string {
  const definition = definitionFor(choice);
  if (!definition)
    throw new RangeError(`no node image for ${choice.osSKU} on ${choice.size?.name ?? 'this size'}`);
  const { versions } = imagesFile();
  const recorded = versions.find(({ os }) => os === definition.os) ?? versions[0];
  const newestFirst = recorded?.images ?? [];
  const day = toIso(today).slice(0, 10);
  const image = newestFirst.find(({ date }) => date <= day) ?? newestFirst.at(-1);
  const name = definition.definition.replace(/^windows-/, '');
  return `${definition.gallery}-${name}-${image?.version ?? ''}`;
}
