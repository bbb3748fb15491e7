import { createHash } from 'node:crypto';
import { goText } from '../go-values.js';
import type { AdmissionRequest, WriteContext } from '../api/context.js';
import { StatusError } from '../api/status-error.js';
import type { ResourceType } from '../resource-type.js';
import { canonicalJson, isObject } from '../object.js';
import type { JsonObject, KubeObject } from '../object.js';
import type { User } from '../user.js';
import type { CompiledWebhook } from './configuration.js';

/** A user as reviews show it. */
export const userInfo = ({ name, uid, groups, extra }: User): JsonObject => ({
  username: name,
  ...(uid !== undefined && { uid }),
  groups,
  ...(extra && { extra }),
});

const optionKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

/** What a webhook is told of a write, but for the review's id (admission/v1 AdmissionRequest). */
export function reviewRequest(
  request: AdmissionRequest,
  { requester }: WriteContext,
  type: ResourceType,
): JsonObject {
  const { operation, name, scope, subresource, draft, before } = request;
  const { group, version, plural: resource, kind } = type;
  const shownAs = (object: KubeObject | undefined) =>
    object === undefined ? null : (type.fromStored?.(object) ?? object);
  return {
    kind: { group, version, kind },
    resource: { group, version, resource },
    ...(subresource !== undefined && { subResource: subresource, requestSubResource: subresource }),
    requestKind: { group, version, kind },
    requestResource: { group, version, resource },
    name,
    ...(scope.namespace !== undefined && { namespace: scope.namespace }),
    operation,
    userInfo: userInfo(requester.user),
    object: shownAs(draft as unknown as KubeObject | undefined),
    oldObject: shownAs(before),
    dryRun: requester.dryRun,
    options: { kind: optionKinds[operation], apiVersion: 'meta.k8s.io/v1' },
  };
}

/** A text that is equal for equal questions: what differs from one try of a write to the next does not count. */
export function questionKey({ configuration, webhook }: CompiledWebhook, request: JsonObject): string {
  const generated = isObject(request['object']) && generateNameOf(request['object']) !== undefined;
  const question = {
    ...request,
    name: generated ? '' : request['name'],
    object: withoutChance(request['object']),
  };
  const text = canonicalJson([configuration, webhook.name, webhook.clientConfig, question]);
  return createHash('sha256').update(text).digest('hex');
}

const generateNameOf = (object: JsonObject): unknown =>
  isObject(object['metadata']) ? object['metadata']['generateName'] : undefined;

function withoutChance(object: unknown): unknown {
  if (!isObject(object) || !isObject(object['metadata'])) return object;
  const { uid: _uid, creationTimestamp: _created, managedFields: _fields, ...metadata } = object['metadata'];
  const named = metadata['generateName'] === undefined ? metadata : { ...metadata, name: '' };
  return { ...object, metadata: named };
}

/** What a webhook decided. */
export interface WebhookVerdict {
  readonly allowed: boolean;
  /** The refusal, when it is one. */
  readonly refusal: StatusError | undefined;
  /** A JSON Patch; undefined for none. */
  readonly patch: unknown;
  readonly warnings: readonly string[];
}

/**
 * Reads the answer to a review.
 *
 * @throws Error, in the API server's words, for what is no answer to it
 */
export function readAnswer(body: unknown, uid: string, webhook: string): WebhookVerdict {
  if (!isObject(body) || body['kind'] !== 'AdmissionReview' || body['apiVersion'] !== 'admission.k8s.io/v1') {
    const { apiVersion = '', kind = '' } = isObject(body) ? body : {};
    throw new Error(
      `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${goText(apiVersion)}, Kind=${goText(kind)}`,
    );
  }
  const { response } = body;
  if (!isObject(response)) throw new Error('webhook response was absent');
  if (response['uid'] !== uid) {
    throw new Error(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response['uid'] ?? '')}`,
    );
  }
  const warnings = Array.isArray(response['warnings']) ? response['warnings'].map(String) : [];
  if (response['allowed'] !== true) {
    return { allowed: false, refusal: refusalOf(webhook, response['status']), patch: undefined, warnings };
  }
  return { allowed: true, refusal: undefined, patch: patchOf(response), warnings };
}

function patchOf({ patch, patchType }: JsonObject): unknown {
  if (patch === undefined || patch === null) return undefined;
  if (patchType !== 'JSONPatch')
    throw new Error(`webhook returned patchType ${JSON.stringify(patchType ?? '')}, expected JSONPatch`);
  return JSON.parse(Buffer.from(String(patch), 'base64').toString()) as unknown;
}

function refusalOf(webhook: string, status: unknown): StatusError {
  const given = isObject(status) ? status : {};
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  const denied = `admission webhook "${webhook}" denied the request`;
  const why = text('message') || text('reason');
  const code = typeof given['code'] === 'number' && given['code'] >= 400 ? given['code'] : 400;
  const message = why === '' ? `${denied} without explanation` : `${denied}: ${why}`;
  return new StatusError(code, text('reason'), message, {});
}

/** The review that is sent. */
export const reviewOf = (uid: string, request: JsonObject): JsonObject => ({
  kind: 'AdmissionReview',
  apiVersion: 'admission.k8s.io/v1',
  request: { uid, ...request },
});
