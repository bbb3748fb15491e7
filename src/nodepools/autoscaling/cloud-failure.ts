import type { CloudFailure, ScarceResource } from '../../autoscaler/index.js';
import type { AzureError } from '../../azure/index.js';

/** What is short, by the codes that Azure and AKS say so with as VMs are asked for. */
const scarceByCode: Readonly<Record<string, ScarceResource>> = {
  OperationNotAllowed: 'quota',
  QuotaExceeded: 'quota',
  SubnetIsFull: 'subnet',
  InsufficientPodCidr: 'subnet',
  SkuNotAvailable: 'capacity',
  AllocationFailed: 'capacity',
  ZonalAllocationFailed: 'capacity',
};

/** What is short when VMs fail with a code. */
export const scarceResource = (code: string): ScarceResource => scarceByCode[code] ?? 'other';

/** A refusal of more VMs, as the autoscaler takes it. */
export const cloudFailure = ({ code, message }: AzureError): CloudFailure => ({
  code,
  message,
  scarce: scarceResource(code),
});
