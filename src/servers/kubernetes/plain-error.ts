/** A refusal that comes before the API is reached, and so is told as plain text. */
export class PlainError extends Error {
  override readonly name = 'PlainError';
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }

  /** Nothing is there, not even a group of the API. */
  static notFound(): PlainError {
    return new PlainError(404, '404 page not found\n');
  }

  static unsupportedPatch(): PlainError {
    return new PlainError(415, '415: Unsupported Media Type');
  }
}
