import type { AdmissionChain } from '../api/context.js';
import type { Authorizer } from '../authorization/index.js';
import { certificates } from './certificates.js';
import { PluginChain } from './chain.js';
import { claimResize } from './claim-resize.js';
import { defaultStorageClass } from './default-storage-class.js';
import { defaultTolerations } from './default-tolerations.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { podPriority } from './pod-priority.js';
import { roleEscalation } from './role-escalation.js';
import { serviceAccount } from './service-account.js';
import { serviceAddress } from './service-address.js';

/** What admission asks about the world beyond the object and the store. */
export interface AdmissionParts {
  readonly authorizer: Authorizer;
}

/** The plugins that every write passes, in order. */
export const admissionChain = ({ authorizer }: AdmissionParts): AdmissionChain =>
  new PluginChain([
    namespaceLifecycle,
    serviceAccount,
    podPriority,
    defaultTolerations,
    serviceAddress,
    roleEscalation(authorizer),
    certificates(authorizer),
    defaultStorageClass,
    claimResize,
  ]);
