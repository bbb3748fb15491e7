import type { AdmissionPlugin } from '../api/context.js';
import { defaultTolerations } from './default-tolerations.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { podPriority } from './pod-priority.js';
import { serviceAccount } from './service-account.js';
import { serviceAddress } from './service-address.js';

/** The plugins that every new object passes, in order. */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccount,
  podPriority,
  defaultTolerations,
  serviceAddress,
];
