import type { FastifyError } from 'fastify';
import { AzureError } from '../../azure/index.js';

/** The body of a refusal: wrapped when ARM's front door answers, flat when the AKS provider does. */
export function errorBody(error: AzureError): Record<string, unknown> {
  const { code, message, target, details, subcode } = error;
  if (error.envelope === 'provider') {
    return { code, details: details ?? null, message, subcode, ...(target !== undefined && { target }) };
  }
  return { error: { code, message, ...(target !== undefined && { target }), ...(details && { details }) } };
}

const arm = (status: number, code: string, message: string): AzureError =>
  new AzureError({ status, code, message, envelope: 'arm' });

/** A request body that is no JSON (ARM: InvalidRequestContent). */
export const malformedBody = (reason: string): AzureError =>
  arm(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${reason}'.`,
  );

export const subscriptionNotFound = (id: string): AzureError =>
  arm(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);

export const invalidResourceNamespace = (namespace: string): AzureError =>
  arm(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);

export const invalidResourceType = (type: string, namespace: string, apiVersion: string): AzureError =>
  arm(
    404,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${apiVersion}'.`,
  );

export const resourceNotFound = (type: string, name: string, resourceGroup: string): AzureError =>
  arm(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. ` +
      'For more details please go to https://aka.ms/ARMResourceNotFoundFix',
  );

export const methodNotAllowed = (method: string): AzureError =>
  arm(405, 'HttpMethodNotAllowed', `The HTTP method '${method}' is not supported at this resource.`);

export const notFound = (path: string): AzureError =>
  arm(404, 'InvalidRequestPath', `The request path '${path}' is no path of the Azure Resource Manager.`);

/** What arrived is no HTTP request. */
export const unreadableRequest = (): AzureError =>
  arm(400, 'InvalidRequest', 'The request is malformed: it is no HTTP/1.1 request that can be read.');

export const missingApiVersion = (): AzureError =>
  arm(
    400,
    'MissingApiVersionParameter',
    'The api-version query parameter (?api-version=) is required for all requests.',
  );

export const invalidApiVersion = (version: string): AzureError =>
  arm(
    400,
    'InvalidApiVersionParameter',
    `The api-version '${version}' is invalid. Give a date, e.g. 2026-06-01 or 2026-06-02-preview.`,
  );

/** 401 by what is wrong with the token (ARM: authentication failures). */
export const unauthorized = {
  missing: () =>
    arm(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."),
  malformed: () => arm(401, 'InvalidAuthenticationToken', 'The access token is invalid.'),
  expired: () => arm(401, 'ExpiredAuthenticationToken', 'The access token has expired: sign in again.'),
  'wrong-audience': () =>
    arm(
      401,
      'InvalidAuthenticationTokenAudience',
      'The access token has been obtained for wrong audience or resource. It should exactly match the Resource Manager endpoint.',
    ),
  'wrong-signature': () =>
    arm(
      401,
      'InvalidAuthenticationToken',
      'The access token validation failure: its signature is not of this authority. Sign in again.',
    ),
} as const;

/** 403 for a principal whose role does not hold the action. */
export const authorizationFailed = (
  clientId: string,
  objectId: string,
  action: string,
  scope: string,
): AzureError =>
  arm(
    403,
    'AuthorizationFailed',
    `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action '${action}' ` +
      `over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );

/** Fastify's own refusals in ARM's terms; `undefined` for what is a bug of ours. */
export function fromFramework(error: FastifyError): AzureError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return arm(413, 'RequestContentTooLarge', 'The request content size exceeds the maximum size of 4 MB.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return arm(
        415,
        'UnsupportedMediaType',
        "The content media type is not supported. Only 'application/json' is supported.",
      );
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return malformedBody(error.message);
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return arm(400, 'InvalidRequestUri', 'The request URI is malformed.');
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? arm(error.statusCode, 'BadRequest', error.message)
        : undefined;
  }
}
