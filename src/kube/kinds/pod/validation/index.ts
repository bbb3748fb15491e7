export { podErrors, podStatusErrors } from './pod.js';
export { checkNodeSelector, checkTaintEffect, checkTolerations } from './scheduling.js';
export { checkPodTemplate } from './template.js';
export { checkDriverName } from './volumes.js';
