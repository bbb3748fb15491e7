export { OwnReplies, PendingWebhookCalls, noReplies } from './calls.js';
export type { WebhookCall, WebhookReplies, WebhookReply } from './calls.js';
export { ask, selects, webhooksFor } from './dispatch.js';
export type { Asked, Outcome } from './dispatch.js';
export type { MatchCondition, WebhookRule } from './configuration.js';
export { matchedVersion } from './matching.js';
export { reviewRequest } from './review.js';
