/** The first few of a list, and how many more there are (kubectl get: `a,b,c + 2 more...`). */
export function listText(all: readonly string[], count = all.length, most = 3): string {
  const text = all.slice(0, most).join(',');
  return count > most ? `${text} + ${String(count - most)} more...` : text;
}
