import type { Draft } from '../../resource-type.js';
import { fill, objectOf, objectsOf } from '../defaulting.js';

/** Fills what a configuration's webhooks leave out (admissionregistration/v1 defaults). */
export function defaultWebhooks(draft: Draft): void {
  for (const hook of objectsOf(draft['webhooks'])) {
    fill(hook, 'failurePolicy', 'Fail');
    fill(hook, 'matchPolicy', 'Equivalent');
    fill(hook, 'namespaceSelector', {});
    fill(hook, 'objectSelector', {});
    fill(hook, 'timeoutSeconds', 10);
    const service = objectOf(objectOf(hook['clientConfig'])?.['service']);
    if (service) fill(service, 'port', 443);
    for (const rule of objectsOf(hook['rules'])) fill(rule, 'scope', '*');
  }
}

/** Fills what webhooks that change objects leave out besides. */
export function defaultMutatingWebhooks(draft: Draft): void {
  defaultWebhooks(draft);
  for (const hook of objectsOf(draft['webhooks'])) fill(hook, 'reinvocationPolicy', 'Never');
}
