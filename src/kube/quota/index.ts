export { amountsText, differenceOf, largestOf, only, sumOf } from './amounts.js';
export type { Amounts } from './amounts.js';
export { podResources } from './pod-resources.js';
export { QuotaUsage, countUsed, quotaUsage } from './quota-usage.js';
export { isInScope, requirementsOf } from './scopes.js';
export type { ResourceQuota } from './scopes.js';
export { usageOf } from './usage.js';
