import { nodeDeletions } from './actuation/index.js';
import { scalingAlarms, scalingDecisions } from './decisions/decision.js';
import { autoscalers, nodeGroupMemories, nodeMemories } from './memory.js';
import { autoscalerCounters } from './metrics/counters.js';
import { statusTransitions } from './status/config-map.js';

/** Everything that autoscalers keep. */
export const autoscalerCollections = [
  autoscalers,
  nodeGroupMemories,
  nodeMemories,
  nodeDeletions,
  scalingDecisions,
  scalingAlarms,
  statusTransitions,
  autoscalerCounters,
];
