export { Scheduler } from './scheduler.js';
export { decide } from './decide.js';
export type { SchedulingDecision, SchedulingInput } from './decide.js';
export { asksOthers } from './engine/programs.js';
export type { Draw } from './engine/engine.js';
export type { PluginArgs, SchedulerConfiguration, SchedulerProfile } from './framework/configuration.js';
export type { Refusal, RefusalCode } from './framework/refusal.js';
export { WhatIf } from './what-if.js';
export type { Attempt, Fit, Need, Placed, Questions, Supposed } from './what-if.js';
