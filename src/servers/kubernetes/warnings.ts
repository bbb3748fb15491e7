/** The characters of all warnings of an answer together, beyond which each is cut short (API server: warning recorder). */
const mostCharacters = 4096;
const mostOfOne = 256;

/** The values of an answer's Warning headers: what the client should know beside the answer (RFC 7234). */
export function warningHeaders(warnings: readonly string[]): readonly string[] {
  const texts = [...new Set(warnings)].map((text) => [...text]);
  const isLong = texts.reduce((sum, { length }) => sum + length, 0) > mostCharacters;
  let written = 0;
  const told: string[] = [];
  for (const text of texts) {
    if (written >= mostCharacters) break;
    const shown = isLong ? text.slice(0, mostOfOne) : text;
    written += shown.length;
    told.push(`299 - ${headerText(JSON.stringify(shown.join('')))}`);
  }
  return told;
}

/** Text as the bytes of a header, which are UTF-8 there as in Go; JSON has escaped all controls but one. */
const headerText = (text: string): string => Buffer.from(text.replaceAll('\x7f', '')).toString('latin1');
