/** Why a data directory can't be used. The message says what to do; nothing in the directory was touched. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
  readonly kind: 'in-use' | 'newer-format' | 'damaged';

  private constructor(kind: DataDirectoryError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }

  static inUse(directory: string): DataDirectoryError {
    return new DataDirectoryError(
      'in-use',
      `The data directory ${directory} is in use by another process. Stop that process, or choose another directory ` +
        'with --data DIR, or run without one with --ephemeral.',
    );
  }

  static newerFormat(directory: string, found: number, known: number): DataDirectoryError {
    return new DataDirectoryError(
      'newer-format',
      `The data directory ${directory} has format ${String(found)}; this version of Poolkeeper knows formats up to ` +
        `${String(known)}. Update Poolkeeper, or choose another directory with --data DIR.`,
    );
  }

  static damaged(directory: string): DataDirectoryError {
    return new DataDirectoryError(
      'damaged',
      `The data directory ${directory} is damaged: its database can't be read. Restore it from a copy, or move it ` +
        'away and start afresh, or choose another directory with --data DIR.',
    );
  }
}
