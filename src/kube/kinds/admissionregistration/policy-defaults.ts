import type { Draft } from '../../resource-type.js';
import { fill, objectOf, objectsOf } from '../defaulting.js';

/** Fills what a policy's or binding's matching leaves out (admissionregistration/v1 MatchResources). */
export function defaultMatchResources(match: Draft | undefined): void {
  if (!match) return;
  fill(match, 'matchPolicy', 'Equivalent');
  fill(match, 'namespaceSelector', {});
  fill(match, 'objectSelector', {});
  for (const rule of [...objectsOf(match['resourceRules']), ...objectsOf(match['excludeResourceRules'])])
    fill(rule, 'scope', '*');
}

/** Fills what a policy leaves out (admissionregistration/v1 ValidatingAdmissionPolicy). */
export function defaultPolicy(draft: Draft): void {
  const spec = objectOf(draft['spec']);
  if (!spec) return;
  fill(spec, 'failurePolicy', 'Fail');
  defaultMatchResources(objectOf(spec['matchConstraints']));
}
