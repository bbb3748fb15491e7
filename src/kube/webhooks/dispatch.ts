import type { AdmissionRequest, WriteContext } from '../api/context.js';
import { StatusError } from '../api/status-error.js';
import { namespaces } from '../kinds/index.js';
import type { JsonObject, KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import { evaluate } from '../structural/admission-expressions.js';
import type { WebhookCall } from './calls.js';
import { addressOf, answerAnnotation, webhooksOf } from './configuration.js';
import type { CompiledWebhook } from './configuration.js';
import { matchedVersion } from './matching.js';
import { questionKey, readAnswer, reviewOf, reviewRequest } from './review.js';
import type { WebhookVerdict } from './review.js';

/** A webhook that is to be asked about a write. */
export interface Asked {
  readonly hook: CompiledWebhook;
  /** The version in which it is asked. */
  readonly type: ResourceType;
}

/** What came of asking: a verdict, a call to be made first, or nothing, as failures of the webhook don't matter. */
export type Outcome =
  | { readonly kind: 'verdict'; readonly verdict: WebhookVerdict }
  | { readonly kind: 'pending'; readonly call: WebhookCall }
  | { readonly kind: 'passed' };

/** The webhooks of some configurations that want to know of a write, in the order in which they are asked. */
export function webhooksFor(
  request: AdmissionRequest,
  context: WriteContext,
  configurations: readonly KubeObject[],
): readonly Asked[] {
  const served = context.kinds.of(request.scope.cluster).served;
  // Configurations come in order of their names.
  return configurations.flatMap(webhooksOf).flatMap((hook) => {
    const type = matchedVersion(hook.webhook, request, served);
    return type && selects(request, hook) && meetsConditions(request, context, hook, type)
      ? [{ hook, type }]
      : [];
  });
}

/** True when the labels of what is written and of its namespace are selected. */
export function selects(
  request: AdmissionRequest,
  { namespaces: ofNamespace, objects }: Pick<CompiledWebhook, 'namespaces' | 'objects'>,
): boolean {
  const { draft, before } = request;
  const written = draft as unknown as KubeObject | undefined;
  const labels = [written, before].flatMap((object) => (object ? [object.metadata.labels ?? {}] : []));
  if (!labels.some((one) => objects(one))) return false;
  const own = namespaceLabels(request);
  return own === undefined || ofNamespace(own);
}

/** Labels of the namespace that something is in, or of the namespace that is written itself; undefined for neither. */
function namespaceLabels({ tx, type, scope, draft, before }: AdmissionRequest) {
  if (type === namespaces)
    return ((draft as unknown as KubeObject | undefined) ?? before)?.metadata.labels ?? {};
  if (scope.namespace === undefined) return undefined;
  const found = tx.get(namespaces.collection, objectKey(scope.cluster, undefined, scope.namespace));
  return found?.object.metadata.labels ?? {};
}

/** True when all conditions hold; one that does not is enough, whatever is wrong with the others. */
function meetsConditions(
  request: AdmissionRequest,
  context: WriteContext,
  { webhook }: CompiledWebhook,
  type: ResourceType,
): boolean {
  const { matchConditions = [], failurePolicy } = webhook;
  if (matchConditions.length === 0) return true;
  const review = reviewRequest(request, context, type);
  const { object, oldObject } = review;
  const errors: string[] = [];
  for (const { name, expression } of matchConditions) {
    try {
      if (evaluate(expression, { object, oldObject, request: review }) !== true) return false;
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      errors.push(`match condition "${name}" could not be evaluated: ${why}`);
    }
  }
  if (errors.length === 0) return true;
  if (failurePolicy === 'Ignore') return false;
  throw StatusError.forbidden(request.type, request.name, errors.join(', '));
}

/** Asks one webhook. @throws StatusError 400 on a dry run that it does not support, 500 when its failure matters */
export function ask({ hook, type }: Asked, request: AdmissionRequest, context: WriteContext): Outcome {
  const { webhook } = hook;
  const { requester } = context;
  if (requester.dryRun && webhook.sideEffects !== 'None' && webhook.sideEffects !== 'NoneOnDryRun') {
    throw StatusError.badRequest(`admission webhook "${webhook.name}" does not support dry run`);
  }
  if (webhook.clientConfig.url === undefined) return askService(hook, context);
  const told = reviewRequest(request, context, type);
  const call = callOf(hook, told, request, context);
  const reply = requester.webhooks.replyTo(call);
  if (!reply) return { kind: 'pending', call };
  if (reply.kind === 'failed') return failed(hook, reply.why);
  try {
    const verdict = readAnswer(reply.body, reply.uid, webhook.name);
    for (const text of verdict.warnings) requester.warn(text);
    if (verdict.refusal) throw verdict.refusal;
    return { kind: 'verdict', verdict };
  } catch (error) {
    if (error instanceof StatusError) throw error;
    return failed(hook, error instanceof Error ? error.message : String(error));
  }
}

function callOf(
  hook: CompiledWebhook,
  told: JsonObject,
  { tx }: AdmissionRequest,
  { seed }: WriteContext,
): WebhookCall {
  const { clientConfig, timeoutSeconds = 10 } = hook.webhook;
  const key = questionKey(hook, told);
  const uid = seed.stream('webhook-review', `${key}@${String(tx.revision)}`).guid();
  return {
    key,
    url: addressOf(hook.webhook),
    caPem: clientConfig.caBundle && Buffer.from(clientConfig.caBundle, 'base64').toString(),
    timeoutSeconds,
    uid,
    review: reviewOf(uid, told),
  };
}

/** Nothing answers for a pod of this cluster, unless the configuration says what its answer is. */
function askService(hook: CompiledWebhook, { requester }: WriteContext): Outcome {
  const { webhook, isAllowed } = hook;
  if (isAllowed) {
    requester.warn(
      `webhook "${webhook.name}" is simulated: it answers that all is allowed (${answerAnnotation})`,
    );
    return { kind: 'passed' };
  }
  const why = `Post "${addressOf(webhook)}": containers of this cluster are simulated, nothing answers there; the annotation ${answerAnnotation}: allow on its configuration makes it allow everything`;
  const outcome = failed(hook, why);
  requester.warn(`webhook "${webhook.name}" was not called: ${why}`);
  return outcome;
}

/** What a webhook's failure comes to. @throws StatusError 500 unless it is to be ignored */
function failed({ webhook }: CompiledWebhook, why: string): Outcome {
  if (webhook.failurePolicy === 'Ignore') return { kind: 'passed' };
  throw new StatusError(
    500,
    'InternalError',
    `Internal error occurred: failed calling webhook "${webhook.name}": failed to call webhook: ${why}`,
    { causes: [{ message: `failed calling webhook "${webhook.name}": failed to call webhook: ${why}` }] },
  );
}
