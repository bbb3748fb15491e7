import type { AdmissionChain } from '../api/context.js';
import type { Authorizer } from '../authorization/index.js';
import { certificates } from './certificates.js';
import { PluginChain } from './chain.js';
import { claimResize } from './claim-resize.js';
import { defaultIngressClass } from './default-ingress-class.js';
import { defaultStorageClass } from './default-storage-class.js';
import { defaultTolerations } from './default-tolerations.js';
import { limitRange } from './limit-range/index.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { oneDefaultPriority, podPriority } from './pod-priority.js';
import { podSecurity } from './pod-security/index.js';
import { resourceQuota } from './resource-quota.js';
import { roleEscalation } from './role-escalation.js';
import { runtimeClass } from './runtime-class.js';
import { serviceAccount } from './service-account.js';
import { serviceAddress } from './service-address.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';
import { validatingPolicies } from './validating-policy/index.js';
import { mutatingWebhooks, validatingWebhooks } from './webhooks.js';

/** What admission asks about the world beyond the object and the store. */
export interface AdmissionParts {
  readonly authorizer: Authorizer;
}

/** The plugins that every write passes, in the API server's order. */
export const admissionChain = ({ authorizer }: AdmissionParts): AdmissionChain =>
  new PluginChain([
    namespaceLifecycle,
    limitRange,
    serviceAccount,
    taintNodesByCondition,
    podPriority,
    oneDefaultPriority,
    defaultTolerations,
    defaultStorageClass,
    runtimeClass,
    certificates(authorizer),
    defaultIngressClass,
    mutatingWebhooks,
    serviceAddress,
    roleEscalation(authorizer),
    podSecurity,
    claimResize,
    validatingPolicies,
    validatingWebhooks,
    // Last, as it notes what is taken.
    resourceQuota,
  ]);
