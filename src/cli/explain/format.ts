import { stringify } from 'yaml';
import { UsageError } from '../usage-error.js';
import { outputLayout } from './layout.js';
import type { Layout } from './layout.js';

const formats = ['text', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

/** @throws UsageError for a format that is not known */
export function formatOf(text: string): Format {
  const found = formats.find((format) => format === text);
  if (!found)
    throw new UsageError(`argument --output: invalid choice: '${text}' (choose from ${formats.join(', ')})`);
  return found;
}

/** An explanation as it is printed: as it is, or as a text for people. */
export function printed(whole: unknown, output: Format, text: (layout: Layout) => string): string {
  switch (output) {
    case 'json':
      return `${JSON.stringify(whole, null, 2)}\n`;
    case 'yaml':
      return stringify(whole);
    case 'text':
      return text(outputLayout(process.stdout));
  }
}
