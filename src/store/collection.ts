/** What an index files a value under: nothing, one term, or several. */
export type IndexTerms = string | readonly string[] | undefined;

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
