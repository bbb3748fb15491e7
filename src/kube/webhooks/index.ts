export { OwnReplies, PendingWebhookCalls, noReplies } from './calls.js';
export type { WebhookCall, WebhookReplies, WebhookReply } from './calls.js';
export { ask, webhooksFor } from './dispatch.js';
export type { Asked, Outcome } from './dispatch.js';
