import { metricsTypes } from '../metrics/index.js';
import { componentStatuses } from './component-status.js';
import type { ComputedType } from './computed-type.js';

export type { ComputedType, ServedType } from './computed-type.js';

/** The kinds whose objects are worked out when they are asked for. */
export const computedTypes: readonly ComputedType[] = [componentStatuses, ...metricsTypes];
