/** Who answers: ARM's front door wraps the error in `{"error": …}`, the AKS resource provider answers it flat. */
export type ErrorEnvelope = 'arm' | 'provider';

/** One entry of an ARM error's `details`. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** What went wrong, in the terms of ARM's error body. */
export interface AzureErrorInit {
  /** HTTP status of the refusal, or of the operation's failure. */
  readonly status: number;
  /** Machine-readable code as Azure spells it, e.g. `PropertyChangeNotAllowed`. */
  readonly code: string;
  /** Names the offending field or resource and, where there is one, the fix. */
  readonly message: string;
  /** The property at fault, e.g. `agentPoolProfile.count`. */
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  readonly subcode?: string;
  readonly envelope?: ErrorEnvelope;
  /** Seconds the client should wait, sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** An expected refusal or failure of Azure, carried to the client as ARM's error body. Anything else thrown is a bug. */
export class AzureError extends Error {
  override readonly name = 'AzureError';
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly subcode: string;
  readonly envelope: ErrorEnvelope;
  readonly retryAfterSeconds: number | undefined;

  constructor(init: AzureErrorInit) {
    super(init.message);
    this.status = init.status;
    this.code = init.code;
    this.target = init.target;
    this.details = init.details;
    this.subcode = init.subcode ?? '';
    this.envelope = init.envelope ?? 'provider';
    this.retryAfterSeconds = init.retryAfterSeconds;
  }
}
