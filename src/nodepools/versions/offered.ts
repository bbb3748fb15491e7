import type { Instant } from '../../units/index.js';
import { toIso } from '../../units/index.js';
import { readCatalogueFile } from '../catalogue-file.js';
import { compareVersions, knownVersion, minorOf } from './version.js';

export type SupportPlan = 'KubernetesOfficial' | 'AKSLongTermSupport';

/** A patch version that can be chosen today. */
export interface OfferedVersion {
  /** `x.y.z` */
  readonly version: string;
  /** `x.y` */
  readonly minor: string;
  readonly isPreview: boolean;
  readonly isDefault: boolean;
  /** Support plans under which a cluster may run it; long-term support needs the Premium tier. */
  readonly plans: readonly SupportPlan[];
}

interface MinorRelease {
  readonly minor: string;
  /** `yyyy-mm` */
  readonly aksPreview: string;
  readonly aksGA: string;
  readonly lts: boolean;
  readonly ltsEndOfLife: string | null;
  readonly patchesAnnounced: readonly { readonly version: string; readonly releaseNotes: string }[];
}

interface VersionsFile {
  readonly versions: readonly MinorRelease[];
  readonly policy: { readonly supportedGAMinors: number };
}

let file: VersionsFile | undefined;
const versionsFile = (): VersionsFile =>
  (file ??= readCatalogueFile<VersionsFile>('kubernetes-versions.json'));

const cache = new Map<string, readonly OfferedVersion[]>();

/**
 * The versions AKS offers on a day, oldest first (AKS: supported Kubernetes versions): the patches of the three newest
 * generally available minors, and of older minors in long-term support. The default for new clusters is the newest
 * patch of the minor before the newest. A minor of which no patch is known yet is not offered.
 */
export function offeredVersions(today: Instant): readonly OfferedVersion[] {
  const day = toIso(today).slice(0, 10);
  const known = cache.get(day);
  if (known) return known;
  const offered = offeredOn(day);
  cache.set(day, offered);
  return offered;
}

function offeredOn(day: string): readonly OfferedVersion[] {
  const { versions, policy } = versionsFile();
  const patchesOf = (release: MinorRelease): readonly string[] =>
    release.patchesAnnounced
      .filter(({ releaseNotes }) => releaseNotes <= day)
      .map(({ version }) => version)
      .sort(byVersion);
  const available = [...versions]
    .filter((release) => release.aksPreview <= day.slice(0, 7) && patchesOf(release).length > 0)
    .sort((a, b) => byVersion(a.minor, b.minor));
  const released = available.filter((release) => release.aksGA <= day.slice(0, 7));
  const supported = released.slice(-policy.supportedGAMinors);
  const defaultVersion = patchesOf(released.at(-2) ?? released.at(-1) ?? emptyRelease).at(-1);

  return available.flatMap((release) => {
    const isPreview = !released.includes(release);
    const inLts = release.lts && release.ltsEndOfLife !== null && day <= release.ltsEndOfLife;
    const plans: SupportPlan[] = [];
    if (isPreview || supported.includes(release)) plans.push('KubernetesOfficial');
    if (!isPreview && inLts) plans.push('AKSLongTermSupport');
    if (plans.length === 0) return [];
    return patchesOf(release).map((version) => ({
      version,
      minor: release.minor,
      isPreview,
      isDefault: version === defaultVersion,
      plans,
    }));
  });
}

const emptyRelease: MinorRelease = {
  minor: '0.0',
  aksPreview: '',
  aksGA: '',
  lts: false,
  ltsEndOfLife: null,
  patchesAnnounced: [],
};

const byVersion = (a: string, b: string): number => compareVersions(knownVersion(a), knownVersion(b));

/** The newest generally available patch of a minor under a plan; `undefined` when the minor is not offered. */
export const newestPatch = (minor: string, plan: SupportPlan, today: Instant): string | undefined =>
  offeredVersions(today)
    .filter((offer) => offer.minor === minor && !offer.isPreview && offer.plans.includes(plan))
    .at(-1)?.version;

/** The version a new cluster gets when it names none, `x.y.z`. */
export const defaultVersion = (today: Instant): OfferedVersion => {
  const offer = offeredVersions(today).find(({ isDefault }) => isDefault);
  if (!offer) throw new RangeError(`no Kubernetes version is known for ${toIso(today).slice(0, 10)}`);
  return offer;
};

/**
 * Versions a control plane can go to from `version`, oldest first (AKS: upgrade a control plane): newer patches of its
 * minor and those of the next one. From a minor older than all that are offered, the oldest one offered.
 */
export function upgradesFrom(version: string, plan: SupportPlan, today: Instant): readonly OfferedVersion[] {
  const current = knownVersion(version);
  const newer = offeredVersions(today).filter(
    (offer) => offer.plans.includes(plan) && compareVersions(knownVersion(offer.version), current) > 0,
  );
  const next = `${current.major}.${current.minor + 1}`;
  const oneStep = newer.filter(({ minor }) => minor === minorOf(current) || minor === next);
  if (oneStep.length > 0) return oneStep;
  const oldest = newer[0]?.minor;
  return newer.filter(({ minor }) => minor === oldest);
}

/**
 * Versions a pool can go to: newer than its own and no newer than the control plane (AKS: node pool version rules). The
 * control plane's own version is always among them, offered or not.
 */
export function poolUpgradesFrom(
  version: string,
  controlPlane: string,
  plan: SupportPlan,
  today: Instant,
): readonly { readonly version: string; readonly isPreview: boolean }[] {
  const current = knownVersion(version);
  const limit = knownVersion(controlPlane);
  const offered = offeredVersions(today).filter(({ version: text, plans }) => {
    const candidate = knownVersion(text);
    return (
      plans.includes(plan) &&
      compareVersions(candidate, current) > 0 &&
      compareVersions(candidate, limit) <= 0
    );
  });
  if (compareVersions(limit, current) <= 0 || offered.some((offer) => offer.version === controlPlane))
    return offered;
  return [...offered, { version: controlPlane, isPreview: false }];
}
