/**
 * A record's member, where names come from outside: `constructor`, `toString` and the like are members of every object, and
 * no part of what was sent.
 */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

/** Gives a record a member of any name: assigning to `__proto__` would change what the record is. */
export function put<T>(record: Record<string, T>, name: string, value: NoInfer<T>): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, configurable: true, enumerable: true, writable: true });
}
