import type { AdmissionRequest, WriteContext } from '../api/context.js';
import { StatusError } from '../api/status-error.js';
import { mutatingWebhookConfigurations, validatingWebhookConfigurations } from '../kinds/index.js';
import { canonicalJson, isObject } from '../object.js';
import type { JsonObject, KubeObject } from '../object.js';
import { applyJsonPatch } from '../patch/index.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { PendingWebhookCalls, ask, webhooksFor } from '../webhooks/index.js';
import type { Asked, WebhookCall } from '../webhooks/index.js';
import { configuresAdmission } from './configures-admission.js';
import type { AdmissionPlugin } from './plugin.js';
import { put } from '../../units/index.js';

const operations = ['CREATE', 'UPDATE', 'DELETE'] as const;

/** The configurations of a cluster, by name; none for configurations of admission themselves. */
function configurationsFor(kind: ResourceType, { tx, type, scope }: AdmissionRequest): readonly KubeObject[] {
  if (configuresAdmission(type)) return [];
  if (tx.count(kind.collection, 'byCluster', scope.cluster) === 0) return [];
  return tx.find(kind.collection, 'byCluster', scope.cluster).map(({ object }) => object);
}

/** Asks webhooks that may change what is written, one after the other (Kubernetes: MutatingAdmissionWebhook). */
export const mutatingWebhooks: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  operations,
  isIdle: (request) => configurationsFor(mutatingWebhookConfigurations, request).length === 0,
  amend: (request, context) => {
    const configurations = configurationsFor(mutatingWebhookConfigurations, request);
    if (configurations.length === 0) return false;
    const asked = webhooksFor(request, context, configurations);
    const changers = asked.filter((one) => askOne(one, request, context));
    const last = changers.at(-1);
    if (!last) return false;
    // Who was asked before another one's change may want to see it, once.
    const again = asked
      .slice(0, asked.indexOf(last))
      .filter(({ hook }) => hook.webhook.reinvocationPolicy === 'IfNeeded');
    for (const one of again) askOne(one, request, context);
    return true;
  },
};

/** Asks one webhook and makes the change that it answers. @returns true when that changed anything */
function askOne(one: Asked, request: AdmissionRequest, context: WriteContext): boolean {
  const outcome = ask(one, request, context);
  if (outcome.kind === 'pending') throw new PendingWebhookCalls([outcome.call], context.requester.webhooks);
  if (outcome.kind === 'passed' || !outcome.verdict.patch || !request.draft) return false;
  return patchDraft(one, request, request.draft, outcome.verdict.patch);
}

function patchDraft({ hook, type }: Asked, request: AdmissionRequest, draft: Draft, patch: unknown): boolean {
  const shown = type.fromStored?.(draft as unknown as KubeObject) ?? draft;
  const patched = patchedObject(hook.webhook.name, shown as JsonObject, patch);
  const made = type.toStored?.(patched) ?? patched;
  request.type.applyDefaults(made);
  if (canonicalJson(made) === canonicalJson(draft)) return false;
  for (const member of Object.keys(draft)) delete draft[member];
  for (const [member, value] of Object.entries(made)) put(draft, member, value);
  return true;
}

function patchedObject(webhook: string, object: JsonObject, patch: unknown): Draft {
  try {
    const patched = applyJsonPatch(object, patch);
    if (isObject(patched)) return structuredClone(patched) as Draft;
    throw StatusError.badRequest('the patched object is no object');
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const message = `Internal error occurred: failed to apply the patch of webhook "${webhook}": ${error.message}`;
    throw new StatusError(500, 'InternalError', message, {});
  }
}

/** Asks webhooks that only judge, all at once (Kubernetes: ValidatingAdmissionWebhook). */
export const validatingWebhooks: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  operations,
  validate: (request, context) => {
    const configurations = configurationsFor(validatingWebhookConfigurations, request);
    if (configurations.length === 0) return;
    const pending: WebhookCall[] = [];
    for (const one of webhooksFor(request, context, configurations)) {
      const outcome = ask(one, request, context);
      if (outcome.kind === 'pending') pending.push(outcome.call);
    }
    if (pending.length > 0) throw new PendingWebhookCalls(pending, context.requester.webhooks);
  },
};
