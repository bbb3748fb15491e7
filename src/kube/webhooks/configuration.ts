import type { KubeObject } from '../object.js';
import { compileLabelSelector } from '../selectors/index.js';
import type { LabelMatcher, LabelSelector } from '../selectors/index.js';

/** What a webhook is asked about (admissionregistration/v1 RuleWithOperations). */
export interface WebhookRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  /** Plurals, with subresources; `*` and `*` with a subresource. */
  readonly resources?: readonly string[];
  readonly scope?: string;
}

/** An expression that must hold for something to be asked about. */
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

/** One webhook of a configuration, its defaults filled in. */
export interface Webhook {
  readonly name: string;
  readonly clientConfig: {
    readonly url?: string;
    readonly caBundle?: string;
    readonly service?: {
      readonly namespace: string;
      readonly name: string;
      readonly path?: string;
      readonly port?: number;
    };
  };
  readonly rules?: readonly WebhookRule[];
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly matchPolicy?: 'Equivalent' | 'Exact';
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly matchConditions?: readonly MatchCondition[];
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded';
}

/** A MutatingWebhookConfiguration or a ValidatingWebhookConfiguration. */
export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}

/** The annotation by which webhooks that are services answer, as nothing else can answer for a simulated pod. */
export const answerAnnotation = 'poolkeeper.dev/webhook-answer';

/** A webhook ready to be matched. */
export interface CompiledWebhook {
  readonly webhook: Webhook;
  readonly configuration: string;
  readonly namespaces: LabelMatcher;
  readonly objects: LabelMatcher;
  /** True when its service's answer is that all is allowed. */
  readonly isAllowed: boolean;
}

const compiled = new WeakMap<KubeObject, readonly CompiledWebhook[]>();

/** The webhooks of a configuration, in order; compiled once for each version of it. */
export function webhooksOf(object: KubeObject): readonly CompiledWebhook[] {
  const known = compiled.get(object);
  if (known) return known;
  const { metadata, webhooks = [] } = object as WebhookConfiguration;
  const made = webhooks.map((webhook) => ({
    webhook,
    configuration: metadata.name,
    namespaces: compileLabelSelector(webhook.namespaceSelector ?? {}),
    objects: compileLabelSelector(webhook.objectSelector ?? {}),
    isAllowed: metadata.annotations?.[answerAnnotation] === 'allow',
  }));
  compiled.set(object, made);
  return made;
}

/** Where a webhook is called, as errors tell it. */
export function addressOf({ clientConfig, timeoutSeconds = 10 }: Webhook): string {
  const { url, service } = clientConfig;
  const query = `timeout=${String(timeoutSeconds)}s`;
  if (url !== undefined) return `${url}${url.includes('?') ? '&' : '?'}${query}`;
  const { name = '', namespace = '', path = '', port = 443 } = service ?? {};
  const trimmed = path.replace(/^\/+/, '');
  return `https://${name}.${namespace}.svc:${String(port)}${trimmed === '' ? '' : `/${trimmed}`}?${query}`;
}
