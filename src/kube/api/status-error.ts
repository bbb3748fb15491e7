import type { JsonObject } from '../object.js';
import { causeReason, errorBody, errorText } from './field-error.js';
import type { FieldError } from './field-error.js';

export { duplicate, forbiddenField, invalid, notSupported, required } from './field-error.js';
export type { FieldError } from './field-error.js';

/** One field's or rule's part in a refusal. */
export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** What an error names: the resource by its plural and group, as Kubernetes' messages do. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

const qualified = ({ group, plural }: GroupResource): string =>
  group === '' ? plural : `${plural}.${group}`;

const detailsOf = (resource: GroupResource, name: string): StatusDetails => ({
  ...(name !== '' && { name }),
  ...(resource.group !== '' && { group: resource.group }),
  kind: resource.plural,
});

/** A refusal in the API server's words: it is answered as a Status object (API conventions: Response Status Kind). */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  /** Empty for an error that the API server has no word for. */
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason !== '' && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }

  static notFound(resource: GroupResource, name: string): StatusError {
    const message = `${qualified(resource)} "${name}" not found`;
    return new StatusError(404, 'NotFound', message, detailsOf(resource, name));
  }

  /** A path that is not served. */
  static noSuchPath(): StatusError {
    return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
  }

  static alreadyExists(resource: GroupResource, name: string): StatusError {
    const message = `${qualified(resource)} "${name}" already exists`;
    return new StatusError(409, 'AlreadyExists', message, detailsOf(resource, name));
  }

  static conflict(resource: GroupResource, name: string, why: string): StatusError {
    const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
    return new StatusError(409, 'Conflict', message, detailsOf(resource, name));
  }

  /** A write on a version of the object that is no longer the newest. */
  static modified(resource: GroupResource, name: string): StatusError {
    return StatusError.conflict(
      resource,
      name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }

  /** An object that is on its way out stands where one is to be made. */
  static stillThere(resource: GroupResource, name: string): StatusError {
    const { code, reason, message, details } = StatusError.alreadyExists(resource, name);
    return new StatusError(code, reason, `object is being deleted: ${message}`, details);
  }

  /** What the API server has no better answer for. */
  static internal(message: string): StatusError {
    return new StatusError(500, '', message);
  }

  static badRequest(message: string): StatusError {
    return new StatusError(400, 'BadRequest', message);
  }

  /** A body of more than is read: `limit` in words. */
  static tooLarge(limit: string): StatusError {
    return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`, {});
  }

  static unauthorized(): StatusError {
    return new StatusError(401, 'Unauthorized', 'Unauthorized');
  }

  /** `why` follows `pods "x" is forbidden: `; without a name, `pods is forbidden: `. */
  static forbidden(
    resource: GroupResource,
    name: string,
    why: string,
    causes?: readonly StatusCause[],
  ): StatusError {
    const subject = name === '' ? qualified(resource) : `${qualified(resource)} "${name}"`;
    const details = { ...detailsOf(resource, name), ...(causes && { causes }) };
    return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${why}`, details);
  }

  static methodNotAllowed(): StatusError {
    const message = 'the server does not allow this method on the requested resource';
    return new StatusError(405, 'MethodNotAllowed', message, {});
  }

  static invalid(
    type: { group: string; kind: string },
    name: string,
    errors: readonly FieldError[],
  ): StatusError {
    // One text a fault, though several rules may find it.
    const texts = [...new Set(errors.map(errorText))];
    const list = texts.length === 1 ? String(texts[0]) : `[${texts.join(', ')}]`;
    return new StatusError(
      422,
      'Invalid',
      `${type.kind}${type.group === '' ? '' : `.${type.group}`} "${name}" is invalid: ${list}`,
      {
        ...(name !== '' && { name }),
        ...(type.group !== '' && { group: type.group }),
        ...(type.kind !== '' && { kind: type.kind }),
        causes: errors.map((error) => ({
          reason: causeReason(error),
          message: errorBody(error),
          field: error.field,
        })),
      },
    );
  }

  /** A revision that is no longer kept. */
  static expired(message: string): StatusError {
    return new StatusError(410, 'Expired', message);
  }

  /** A group that is left to a service which can't be reached. */
  static unavailable(): StatusError {
    const message = 'the server is currently unable to handle the request';
    return new StatusError(503, 'ServiceUnavailable', message, {});
  }

  static unsupportedMediaType(supported: readonly string[]): StatusError {
    const message = `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`;
    return new StatusError(415, 'UnsupportedMediaType', message);
  }

  static notAcceptable(supported: readonly string[]): StatusError {
    const message = `only the following media types are accepted: ${supported.join(', ')}`;
    return new StatusError(406, 'NotAcceptable', message);
  }
}
