import { AzureError } from '../azure/index.js';

/** A 400 of the AKS provider, the status of nearly every refused model. */
export function refusal(code: string, message: string, target?: string, subcode?: string): AzureError {
  return new AzureError({
    status: 400,
    code,
    message,
    ...(target !== undefined && { target }),
    ...(subcode !== undefined && { subcode }),
  });
}

/** Target of a refused pool property, as AKS names it: `agentPoolProfile.count`. */
export const poolTarget = (member: string): string => `agentPoolProfile.${member}`;

/** `InvalidParameter` for a property of a pool; the message names the property before it says what is wrong. */
export const invalidPool = (member: string, problem: string): AzureError =>
  refusal(
    'InvalidParameter',
    `The value of parameter ${poolTarget(member)} is invalid: ${problem}`,
    poolTarget(member),
  );

/** `InvalidParameter` for a property of a cluster. */
export const invalidCluster = (member: string, problem: string): AzureError =>
  refusal('InvalidParameter', `The value of parameter ${member} is invalid: ${problem}`, member);

/** `InvalidParameter` for a value that must be given, in AKS's words. */
export const missingParameter = (parameter: string): AzureError =>
  refusal('InvalidParameter', `Required parameter ${parameter} is missing (null).`, parameter);

/** `PropertyChangeNotAllowed` for a property fixed at creation (AKS: create-only agent pool properties). */
export const changeNotAllowed = (member: string): AzureError =>
  refusal(
    'PropertyChangeNotAllowed',
    `Changing property 'properties.${member}' is not allowed.`,
    `properties.${member}`,
  );

/**
 * What AKS does and this version of Poolkeeper does not. Status 400, because clients retry what fails with 5xx, and
 * never a success that nothing stands behind.
 */
export const notModelled = (what: string, target?: string): AzureError =>
  refusal(
    'OperationNotAllowed',
    `Poolkeeper does not model ${what} in this version.`,
    target,
    'NotModelledByPoolkeeper',
  );
