/** A span in milliseconds as the kubelet's texts have it (Go: time.Duration), e.g. `350ms`, `1.2s`, `1m5.2s`. */
export function goDuration(milliseconds: number): string {
  const rounded = Math.round(milliseconds);
  if (rounded === 0) return '0s';
  if (rounded < 1000) return `${String(rounded)}ms`;
  const hours = Math.floor(rounded / 3_600_000);
  const minutes = Math.floor((rounded % 3_600_000) / 60_000);
  const seconds = `${String((rounded % 60_000) / 1000)}s`;
  if (hours > 0) return `${String(hours)}h${String(minutes)}m${seconds}`;
  return minutes > 0 ? `${String(minutes)}m${seconds}` : seconds;
}
