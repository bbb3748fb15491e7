/** What an index files a value under: nothing, one term, or several. */
export type IndexTerms = string | readonly string[] | undefined;

/** A part of a value that an index's terms hang on alone: while it is the same object, the terms are the same. */
const parts = new WeakMap<object, (value: never) => unknown>();

/** Says that terms hang on a part of a value alone, so that they need not be worked out again when only the rest changes. */
export function ofPart<T>(
  part: (value: T) => unknown,
  terms: (value: T) => IndexTerms,
): (value: T) => IndexTerms {
  const own = (value: T): IndexTerms => terms(value);
  parts.set(own, part);
  return own;
}

/** The part that an index's terms hang on; undefined when it is the whole. */
export const partOf = (terms: (value: never) => IndexTerms): ((value: unknown) => unknown) | undefined =>
  parts.get(terms) as ((value: unknown) => unknown) | undefined;

/** A typed collection of immutable JSON objects and the indexes it is searched by. */
export interface Collection<T> {
  readonly name: string;
  // A method, so that a Collection<AgentPool> may stand where a Collection<unknown> is asked for.
  readonly indexes: Readonly<Record<string, { terms(value: T): IndexTerms }['terms']>>;
}

/** Declares a collection. `name` is also its name on disk: it never changes. */
export function defineCollection<T>(
  name: string,
  indexes: Readonly<Record<string, (value: T) => IndexTerms>> = {},
): Collection<T> {
  return { name, indexes };
}
