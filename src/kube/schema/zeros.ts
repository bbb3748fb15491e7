import { readFileSync } from 'node:fs';
import type { JsonObject } from '../object.js';
import { isObject } from '../object.js';

/**
 * What the API server makes of members of a type that are not said, or said to be zero: its objects are Go structs, where a
 * member that is no pointer is never absent, and the encoder leaves a zero out or not as the type says.
 */
interface Zeros {
  /** Numbers, texts, truths, lists and maps that are not told when they are zero or empty. */
  readonly dropped: ReadonlySet<string>;
  /** The members of an object that nothing was said of. */
  readonly empty: JsonObject;
}

/** As data/kubernetes-zeros.json has it, by the names of Go's types, e.g. `apps.v1.DeploymentSpec`. */
interface WrittenZeros {
  readonly dropped?: readonly string[];
  readonly written?: Readonly<Record<string, string>>;
}

const path = new URL('../../../data/kubernetes-zeros.json', import.meta.url);
const none: Zeros = { dropped: new Set(), empty: {} };
let loaded: ReadonlyMap<string, WrittenZeros> | undefined;
const known = new Map<string, Zeros>();

/** The zeros of a type of the official client, e.g. `V1DeploymentSpec`. */
function zerosOf(type: string): Zeros {
  const found = known.get(type);
  if (found) return found;
  loaded ??= load();
  const written = loaded.get(type);
  const made = written ? { dropped: new Set(written.dropped), empty: emptyOf(written, loaded) } : none;
  known.set(type, made);
  return made;
}

/** The client's names of Go's types: `V1X`, with the group before it where several groups have an X. */
function load(): ReadonlyMap<string, WrittenZeros> {
  const byGoName = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, WrittenZeros>>;
  const types = new Map<string, WrittenZeros>(Object.entries(byGoName));
  for (const [goName, zeros] of Object.entries(byGoName)) {
    const [group = '', version = '', name = ''] = goName.split('.');
    types.set(`${capital(version)}${name}`, zeros).set(`${capital(group)}${capital(version)}${name}`, zeros);
  }
  return types;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const emptyOf = ({ written = {} }: WrittenZeros, types: ReadonlyMap<string, WrittenZeros>): JsonObject =>
  Object.fromEntries(
    Object.entries(written).map(([name, zero]) => {
      const type = types.get(zero);
      return [
        name,
        type ? emptyOf(type, types) : /^[a-z]+\./.test(zero) ? {} : (JSON.parse(zero) as unknown),
      ];
    }),
  );

/** An object of a type of which nothing was said, e.g. a Deployment with the members of its template as nulls. */
export const emptyObject = (type: string): JsonObject => zerosOf(type).empty;

/** The members of a type that are left out when they are zero or empty. */
export const droppedZeros = (type: string): ReadonlySet<string> => zerosOf(type).dropped;

export const isZero = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);
