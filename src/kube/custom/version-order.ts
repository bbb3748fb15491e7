const maturity: Readonly<Record<string, number>> = { alpha: 1, beta: 2 };

/** A version such as `v1beta2` by major, stage and minor; undefined for a name that follows no such rule. */
function parsed(version: string): readonly [stage: number, major: number, minor: number] | undefined {
  const [, major, stage, minor] = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version) ?? [];
  if (major === undefined) return undefined;
  return [stage === undefined ? 3 : (maturity[stage] ?? 0), Number(major), Number(minor ?? 0)];
}

/** Orders versions by preference: stable ones first, newer before older, others by name (Kubernetes: version priority). */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [parsed(a), parsed(b)];
  if (!one || !other) {
    if (one) return -1;
    if (other) return 1;
    return a < b ? -1 : a === b ? 0 : 1;
  }
  for (const [index, value] of one.entries()) {
    const difference = (other[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}
