import { PluginChain } from './chain.js';
import { defaultTolerations } from './default-tolerations.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { podPriority } from './pod-priority.js';
import { serviceAccount } from './service-account.js';
import { serviceAddress } from './service-address.js';
import type { AdmissionChain } from '../api/context.js';

/** The plugins that every write passes, in order. */
export const admissionChain = (): AdmissionChain =>
  new PluginChain([namespaceLifecycle, serviceAccount, podPriority, defaultTolerations, serviceAddress]);
