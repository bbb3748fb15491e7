/** A compare-and-swap found another revision than the caller had read: read again and retry. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** A watch asked for commits that are no longer kept: list again, then watch from the list's revision. */
export class TooOldError extends Error {
  override readonly name = 'TooOldError';
}
