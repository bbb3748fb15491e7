export { JobController } from './controller.js';
export { JobPodRelease } from './pod-release.js';
export { finishedCondition } from './job.js';
export type { Job } from './job.js';
