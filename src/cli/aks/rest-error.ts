import { RefusedError } from '../refused-error.js';

/** What an Azure SDK throws for a refusal, as far as it is shown. */
export interface RestFailure {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
  readonly target?: string;
}

/** Reads an SDK's error, or a refusal of Poolkeeper's own; `undefined` for any other. */
export function restFailure(error: unknown): RestFailure | undefined {
  if (error instanceof RefusedError) return error;
  if (!(error instanceof Error) || error.name !== 'RestError') return undefined;
  const { statusCode, code, details } = error as Error & {
    readonly statusCode?: number;
    readonly code?: string;
    readonly details?: { readonly error?: ErrorBody } & ErrorBody;
  };
  const body = details?.error ?? details;
  return {
    message: body?.message ?? error.message,
    ...(statusCode !== undefined && { statusCode }),
    ...((body?.code ?? code) !== undefined && { code: body?.code ?? code ?? '' }),
    ...(body?.target !== undefined && { target: body.target }),
  };
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly target?: string;
}

/** The lines that az prints for a refusal. */
export const failureText = ({ code, message, target }: RestFailure): string =>
  code === undefined
    ? `ERROR: ${message}\n`
    : `ERROR: (${code}) ${message}\nCode: ${code}\nMessage: ${message}\n${target === undefined ? '' : `Target: ${target}\n`}`;

/** az's exit code: 3 for what is not there, else 1. */
export const failureExitCode = ({ statusCode }: RestFailure): 1 | 3 => (statusCode === 404 ? 3 : 1);
