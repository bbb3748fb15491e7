import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { UsageError } from './usage-error.js';

/** Reads a YAML file that a flag names. @throws UsageError that names the flag. */
export function readYaml(flag: string, path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`${flag} ${path}: there is no such file that can be read.`);
  }
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(
      `${flag} ${path} is no YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
