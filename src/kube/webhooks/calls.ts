import { Postponement } from '../../sim/index.js';
import type { JsonObject } from '../object.js';

/** One question to a webhook outside of the cluster. */
export interface WebhookCall {
  /** Equal for equal questions, however often they are asked. */
  readonly key: string;
  readonly url: string;
  /** The authorities that its certificate may be of, PEM; the host's own when undefined. */
  readonly caPem: string | undefined;
  readonly timeoutSeconds: number;
  /** The id of the review. */
  readonly uid: string;
  /** The AdmissionReview that is sent. */
  readonly review: JsonObject;
}

/** What came of a call: a body, with the id of the review that was sent, or why there is none. */
export type WebhookReply =
  | { readonly kind: 'answered'; readonly uid: string; readonly body: unknown }
  | { readonly kind: 'failed'; readonly why: string };

/**
 * Replies of webhooks that are at an address. Writing is done in one go and waits for nobody: what has no reply yet ends the
 * write, is asked, and then the write is made anew.
 */
export interface WebhookReplies {
  /** The reply to a call; undefined while there is none. */
  replyTo(call: WebhookCall): WebhookReply | undefined;
  /** Asks; resolves when all have their replies, which is at the latest after their time. */
  ask(calls: readonly WebhookCall[]): Promise<void>;
}

/** Who can't reach anything outside of the world. */
export const noReplies: WebhookReplies = {
  replyTo: () => ({ kind: 'failed', why: 'nobody serves this world, so nothing outside of it is called' }),
  ask: () => Promise.resolve(),
};

/** The replies that the control plane's own loops get: none, until somebody serves the world. */
export class OwnReplies implements WebhookReplies {
  #replies = noReplies;

  /** From now on, calls go out by `replies`. */
  connect(replies: WebhookReplies): void {
    this.#replies = replies;
  }

  replyTo(call: WebhookCall): WebhookReply | undefined {
    return this.#replies.replyTo(call);
  }

  ask(calls: readonly WebhookCall[]): Promise<void> {
    return this.#replies.ask(calls);
  }
}

/** A write that waits for the replies to some calls. */
export class PendingWebhookCalls extends Postponement {
  override readonly name = 'PendingWebhookCalls';

  constructor(calls: readonly WebhookCall[], replies: WebhookReplies) {
    super('webhooks have to be asked', () => replies.ask(calls));
  }
}
