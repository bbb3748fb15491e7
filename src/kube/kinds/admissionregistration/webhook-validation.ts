import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { nameFault, qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';
import { checkLabelSelector } from '../selector-validation.js';

/** What a webhook or a policy is for. */
export interface Rule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}

interface Webhook {
  readonly name?: string;
  readonly clientConfig?: {
    readonly url?: string;
    readonly service?: {
      readonly namespace?: string;
      readonly name?: string;
      readonly path?: string;
      readonly port?: number;
    };
  };
  readonly rules?: readonly Rule[];
  readonly failurePolicy?: string;
  readonly matchPolicy?: string;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly reinvocationPolicy?: string;
  readonly matchConditions?: readonly { readonly name?: string; readonly expression?: string }[];
}

interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}

const reviewVersions = ['v1', 'v1beta1'];
const harmless = ['None', 'NoneOnDryRun'];
const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];
const mostConditions = 64;

/** Everything wrong with webhooks of admission (admissionregistration validation: ValidateValidatingWebhookConfiguration). */
export const webhookErrors = validation<WebhookConfiguration>((faults, { webhooks = [] }) => {
  const names = new Set<string>();
  for (const [index, hook] of webhooks.entries()) {
    const at = `webhooks[${String(index)}]`;
    checkWebhook(faults, at, hook);
    checkReviewVersions(faults, `${at}.admissionReviewVersions`, hook.admissionReviewVersions ?? []);
    const { name = '' } = hook;
    if (name !== '' && names.has(name)) faults.duplicate(`${at}.name`, name);
    names.add(name);
  }
});

function checkWebhook(faults: Faults, at: string, hook: Webhook): void {
  checkFullName(faults, `${at}.name`, hook.name ?? '');
  for (const [index, rule] of (hook.rules ?? []).entries())
    checkRule(faults, `${at}.rules[${String(index)}]`, rule);
  faults.oneOf(`${at}.failurePolicy`, hook.failurePolicy, ['Fail', 'Ignore']);
  faults.oneOf(`${at}.matchPolicy`, hook.matchPolicy, ['Equivalent', 'Exact']);
  if (hook.sideEffects === undefined)
    faults.required(`${at}.sideEffects`, `must specify one of ${harmless.join(', ')}`);
  faults.oneOf(`${at}.sideEffects`, hook.sideEffects, harmless);
  const { timeoutSeconds: timeout } = hook;
  if (timeout !== undefined && (timeout < 1 || timeout > 30)) {
    const text = 'the timeout value must be between 1 and 30 seconds';
    faults.invalid(`${at}.timeoutSeconds`, timeout, text);
  }
  checkLabelSelector(faults, `${at}.namespaceSelector`, hook.namespaceSelector);
  checkLabelSelector(faults, `${at}.objectSelector`, hook.objectSelector);
  faults.oneOf(`${at}.reinvocationPolicy`, hook.reinvocationPolicy, ['IfNeeded', 'Never']);
  checkClient(faults, `${at}.clientConfig`, hook.clientConfig ?? {});
  checkConditions(faults, `${at}.matchConditions`, hook.matchConditions ?? []);
}

/** A domain name of at least three segments. */
function checkFullName(faults: Faults, at: string, name: string): void {
  if (name === '') {
    faults.required(at);
    return;
  }
  const fault = nameFault('subdomain', name);
  faults.invalid(at, name, fault);
  if (fault === undefined && name.split('.').length < 3)
    faults.invalid(at, name, 'should be a domain with at least three segments separated by dots');
}

/** Adds what is wrong with a rule of a webhook or a policy. */
export function checkRule(faults: Faults, at: string, rule: Rule): void {
  const { operations: verbs = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  if (verbs.length === 0) faults.required(`${at}.operations`);
  if (verbs.length > 1 && verbs.includes('*'))
    faults.invalid(`${at}.operations`, verbs, "if '*' is present, must not specify other operations");
  for (const [index, verb] of verbs.entries())
    faults.oneOf(`${at}.operations[${String(index)}]`, verb, operations);
  for (const [member, list, others] of [
    ['apiGroups', apiGroups, 'API groups'],
    ['apiVersions', apiVersions, 'API versions'],
  ] as const) {
    if (list.length === 0) faults.required(`${at}.${member}`);
    if (list.length > 1 && list.includes('*'))
      faults.invalid(`${at}.${member}`, list, `if '*' is present, must not specify other ${others}`);
  }
  for (const [index, version] of apiVersions.entries()) {
    if (version === '') faults.required(`${at}.apiVersions[${String(index)}]`);
  }
  checkResources(faults, `${at}.resources`, resources);
  faults.oneOf(`${at}.scope`, scope, scopes);
}

/** Resources and subresources, none of which another one of the list covers. */
function checkResources(faults: Faults, at: string, resources: readonly string[]): void {
  if (resources.length === 0) faults.required(at);
  for (const [index, name] of resources.entries()) {
    const place = `${at}[${String(index)}]`;
    if (name === '') {
      faults.required(place);
      continue;
    }
    const [resource = '', subresource] = name.split('/');
    if (subresource === undefined) continue;
    const earlier = resources.slice(0, index);
    if (earlier.includes(`${resource}/*`))
      faults.invalid(place, name, `if '${resource}/*' is present, must not specify ${name}`);
    if (earlier.includes(`*/${subresource}`))
      faults.invalid(place, name, `if '*/${subresource}' is present, must not specify ${name}`);
  }
  if (resources.length > 1 && resources.includes('*/*'))
    faults.invalid(at, resources, "if '*/*' is present, must not specify other resources");
  if (resources.includes('*') && resources.some((name) => name !== '*' && !name.includes('/'))) {
    const text = "if '*' is present, must not specify other resources without subresources";
    faults.invalid(at, resources, text);
  }
}

function checkClient(
  faults: Faults,
  at: string,
  { url, service }: NonNullable<Webhook['clientConfig']>,
): void {
  if ((url === undefined) === (service === undefined)) {
    faults.required(at, 'exactly one of url or service is required');
    return;
  }
  if (url !== undefined) faults.invalid(`${at}.url`, url, urlFault(url));
  if (!service) return;
  if (!service.name) faults.required(`${at}.service.name`, 'service name is required');
  if (!service.namespace) faults.required(`${at}.service.namespace`, 'service namespace is required');
  const { port = 443, path } = service;
  if (port < 1 || port > 65_535) {
    const text = 'port is not valid: must be between 1 and 65535, inclusive';
    faults.invalid(`${at}.service.port`, port, text);
  }
  if (path !== undefined && !path.startsWith('/'))
    faults.invalid(`${at}.service.path`, path, "must start with a '/'");
}

function urlFault(text: string): string | undefined {
  const form = '; desired format: https://host[/path]';
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return `url must be a valid URL: ${error.message}${form}`;
  }
  if (url.protocol !== 'https:')
    return `'${url.protocol.slice(0, -1)}' is not the required protocol 'https'${form}`;
  if (url.host === '') return `host must be specified${form}`;
  if (url.username !== '') return 'user information is not permitted in the URL';
  if (url.hash !== '') return 'fragments are not permitted in the URL';
  return url.search === '' ? undefined : 'query parameters are not permitted in the URL';
}

function checkReviewVersions(faults: Faults, at: string, versions: readonly string[]): void {
  if (versions.length === 0) {
    faults.required(at, `must specify one of ${reviewVersions.join(', ')}`);
    return;
  }
  for (const [index, version] of versions.entries()) {
    const place = `${at}[${String(index)}]`;
    if (versions.indexOf(version) < index) faults.invalid(place, version, 'duplicate version');
    else faults.invalid(place, version, nameFault('dns1035', version));
  }
  if (!versions.some((version) => reviewVersions.includes(version)))
    faults.invalid(at, versions, `must include at least one of ${reviewVersions.join(', ')}`);
}

/** Adds what is wrong with conditions; `faultOf` tells why an expression can't be compiled. */
export function checkConditions(
  faults: Faults,
  at: string,
  conditions: NonNullable<Webhook['matchConditions']>,
  faultOf: (expression: string) => string | undefined = () => undefined,
): void {
  if (conditions.length > mostConditions) faults.tooMany(at, conditions.length, mostConditions);
  const names = new Set<string>();
  for (const [index, { name = '', expression = '' }] of conditions.entries()) {
    const place = `${at}[${String(index)}]`;
    if (expression.trim() === '') faults.required(`${place}.expression`);
    else faults.invalid(`${place}.expression`, expression, faultOf(expression));
    if (name === '') faults.required(`${place}.name`);
    else faults.invalid(`${place}.name`, name, qualifiedNameFaults(name));
    if (names.has(name)) faults.duplicate(`${place}.name`, name);
    names.add(name);
  }
}
