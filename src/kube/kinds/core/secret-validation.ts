import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { isObject } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { checkDataKeys, checkImmutableData, decodedLength, mostDataBytes } from './data.js';
import type { Data } from './data.js';

interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Data;
  readonly immutable?: boolean;
}

/** Everything wrong with a secret (core validation: ValidateSecret). */
export const secretErrors = validation<Secret>((faults, secret, before) => {
  if (before) faults.immutable('type', secret.type ?? '', secret.type === before.type);
  checkImmutableData(faults, secret, before);
  const { data = {} } = secret;
  checkDataKeys(faults, 'data', data);
  let size = 0;
  for (const text of Object.values(data)) size += decodedLength(text);
  if (size > mostDataBytes) faults.tooLong('data', mostDataBytes);
  checkType(faults, secret, data);
});

/** What a secret's type promises to those that use it. */
function checkType(faults: Faults, { type, metadata }: Secret, data: Data): void {
  const requireKey = (key: string): void => {
    if (data[key] === undefined) faults.required(`data[${key}]`);
  };
  switch (type) {
    case 'kubernetes.io/service-account-token': {
      const account = 'kubernetes.io/service-account.name';
      if (!metadata.annotations?.[account]) faults.required(`metadata.annotations[${account}]`);
      break;
    }
    case 'kubernetes.io/dockercfg':
      checkJson(faults, '.dockercfg', data);
      break;
    case 'kubernetes.io/dockerconfigjson':
      checkJson(faults, '.dockerconfigjson', data);
      break;
    case 'kubernetes.io/basic-auth':
      // Either will do.
      if (data['username'] === undefined && data['password'] === undefined) {
        requireKey('username');
        requireKey('password');
      }
      break;
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) faults.required('data[ssh-privatekey]');
      break;
    case 'kubernetes.io/tls':
      requireKey('tls.crt');
      requireKey('tls.key');
      break;
    default:
  }
}

function checkJson(faults: Faults, key: string, data: Data): void {
  const text = data[key];
  if (text === undefined) {
    faults.required(`data[${key}]`);
    return;
  }
  const fault = jsonFault(Buffer.from(text, 'base64').toString());
  if (fault !== undefined) faults.invalid(`data[${key}]`, '<secret contents redacted>', fault);
}

function jsonFault(text: string): string | undefined {
  if (text === '') return 'unexpected end of JSON input';
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value)
      ? undefined
      : `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const first = text.trimStart().charAt(0);
    return `invalid character '${first}' looking for beginning of value`;
  }
}
