/** The text about a pod that fits nowhere. */

/** Reasons with the number of nodes that have them, sorted as text. */
export function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${String(count)} ${reason}`)
    .sort(byBytes)
    .join(', ');
}

const byBytes = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

/** An empty part is left out. */
export function noNodeAvailable(nodes: number, reasons: string, afterwards: string): string {
  return [
    `0/${String(nodes)} nodes are available:`,
    ...(reasons === '' ? [] : [`${reasons}.`]),
    ...(afterwards === '' ? [] : [afterwards]),
  ].join(' ');
}
