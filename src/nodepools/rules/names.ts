import type { AzureError } from '../../azure/index.js';
import type { OsType } from '../model.js';
import { poolTarget, refusal } from '../refusal.js';

const target = poolTarget('name');

const invalidName = (): AzureError =>
  refusal(
    'InvalidParameter',
    `The value of parameter ${target} is invalid. Please see https://aka.ms/aks-naming-rules for more details.`,
    target,
  );

/**
 * Pool names: lower-case letters and digits, a letter first, at most 12 characters on Linux and 6 on Windows (whose
 * computer names hold 15).
 */
export function nameError(name: string, osType: OsType): AzureError | undefined {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(name)) return invalidName();
  if (osType === 'Windows' && name.length > 6) {
    return refusal(
      'WindowsAgentPoolNameTooLong',
      `The value of parameter ${target} is invalid: a Windows agent pool name has at most 6 characters, '${name}' has ${name.length}.`,
      target,
    );
  }
  return undefined;
}
