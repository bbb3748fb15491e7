/** A Kubernetes version `x.y.z`, or the alias `x.y` when `patch` is absent. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch?: number;
}

/** Parses `1.35` or `1.35.6`; `undefined` for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,4}))?$/.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch] = match;
  return { major: Number(major), minor: Number(minor), ...(patch !== undefined && { patch: Number(patch) }) };
}

/** Parses a version that is known to be well-formed: one that a rule or the catalogue let through. */
export function knownVersion(text: string): Version {
  const version = parseVersion(text);
  if (!version) throw new TypeError(`not a Kubernetes version: ${text}`);
  return version;
}

/** Orders by major, minor, patch; an alias counts as patch 0. */
export const compareVersions = (a: Version, b: Version): number =>
  a.major - b.major || a.minor - b.minor || (a.patch ?? 0) - (b.patch ?? 0);

/** True when `version` is of the minor `1.y` or newer. */
export const atLeastMinor = (version: Version, minor: number): boolean =>
  version.major > 1 || (version.major === 1 && version.minor >= minor);

/** `x.y` of a version. */
export const minorOf = (version: Version): string => `${version.major}.${version.minor}`;
