import { readFileSync } from 'node:fs';

/** Reads one of the package's `data/*.json` files; the same path holds from `src/` and from `dist/`. */
export const readCatalogueFile = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8')) as T;
