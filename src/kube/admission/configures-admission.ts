import {
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
} from '../kinds/index.js';
import type { ResourceType } from '../resource-type.js';

const kinds: readonly ResourceType[] = [
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
];

/** True for kinds that no webhook and no policy is asked about, or nobody could mend one (Kubernetes: dynamic admission). */
export const configuresAdmission = (type: ResourceType): boolean => kinds.includes(type);
