/** The running Poolkeeper refuses what it was asked by its own API; shown and counted as the refusals of Azure are. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly statusCode: number;
  readonly code: string;

  constructor({
    status,
    code,
    message,
  }: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
  }) {
    super(message);
    this.statusCode = status;
    this.code = code;
  }
}
