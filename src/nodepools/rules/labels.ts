import type { AzureError } from '../../azure/index.js';
import { poolTarget, refusal } from '../refusal.js';
import { always } from './rule.js';
import type { PoolModel } from './rule.js';

const target = poolTarget('nodeLabels');
const systemPrefix = 'kubernetes.azure.com';
const spotLabelKey = `${systemPrefix}/scalesetpriority`;

/** Namespaces of Kubernetes that users may write in; the last one since AKS allowed custom node roles. */
const allowedKubernetesPrefixes = ['kubelet.kubernetes.io', 'node.kubernetes.io', 'node-role.kubernetes.io'];

const namePattern = /^[a-zA-Z\d]([\w\-.]{0,61}[a-zA-Z\d])?$/;
const valuePattern = /^([a-zA-Z\d]([\w\-.]{0,61}[a-zA-Z\d])?)?$/;
const domainPattern = /^[a-z\d]([-a-z\d]*[a-z\d])?(\.[a-z\d]([-a-z\d]*[a-z\d])?)*$/;

function split(key: string): { prefix: string | undefined; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { prefix: undefined, name: key }
    : { prefix: key.slice(0, slash), name: key.slice(slash + 1) };
}

const within = (prefix: string, domain: string): boolean =>
  prefix === domain || prefix.endsWith(`.${domain}`);

function syntaxError(key: string, value: string): AzureError | undefined {
  const { prefix, name } = split(key);
  const invalid = (why: string): AzureError =>
    refusal('InvalidParameter', `Invalid node label '${key}=${value}' in ${target}: ${why}`, target);
  if (prefix !== undefined && (prefix.length > 253 || !domainPattern.test(prefix))) {
    return invalid('the prefix of the key must be a DNS name of at most 253 characters.');
  }
  if (!namePattern.test(name)) {
    return invalid(
      'the key has 1 to 63 letters, digits, -, _ or ., and starts and ends with a letter or digit.',
    );
  }
  if (!valuePattern.test(value)) {
    return invalid(
      'the value has at most 63 letters, digits, -, _ or ., and starts and ends with a letter or digit.',
    );
  }
  return undefined;
}

function reservedError(key: string, value: string, { pool }: PoolModel): AzureError | undefined {
  const { prefix } = split(key);
  if (prefix === undefined) return undefined;
  if (within(prefix, systemPrefix)) {
    if (key === spotLabelKey && value === 'spot' && pool.scaleSetPriority === 'Spot') return undefined;
    return refusal(
      'BadRequest',
      `Invalid node label key ${key}. The '${systemPrefix}' prefix is preserved by aks system labels`,
      target,
      'NodeLabelKeyNotAllowed',
    );
  }
  const isKubernetes = within(prefix, 'kubernetes.io') || within(prefix, 'k8s.io');
  if (!isKubernetes || allowedKubernetesPrefixes.some((allowed) => within(prefix, allowed))) return undefined;
  return refusal(
    'BadRequest',
    `Invalid node label key ${key} in ${target}. For Kubernetes version greater than or equal to 1.16, node label keys ` +
      `in the 'kubernetes.io' or 'k8s.io' namespace must begin with an allowed prefix (kubelet.kubernetes.io, ` +
      `node.kubernetes.io).`,
    `${key}=${value}`,
    'NodeLabelKeyNotAllowed',
  );
}

/** Labels of nodes: syntax and the namespaces that AKS and Kubernetes keep to themselves (AKS: reserved labels). */
export const labelRules = [
  always('node labels', (model) => {
    for (const [key, value] of Object.entries(model.pool.nodeLabels ?? {})) {
      const error = syntaxError(key, value) ?? reservedError(key, value, model);
      if (error) return error;
    }
    return undefined;
  }),
];
