export { Scheduler } from './scheduler.js';
export { decide } from './decide.js';
export type { SchedulingDecision, SchedulingInput } from './decide.js';
export type { Draw } from './engine/engine.js';
export type { PluginArgs, SchedulerConfiguration, SchedulerProfile } from './framework/configuration.js';
export type { Refusal, RefusalCode } from './framework/refusal.js';
