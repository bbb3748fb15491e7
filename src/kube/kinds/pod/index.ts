export * from './pod.js';
export { podStatusText } from './columns.js';
export { defaultPodSpec, defaultTemplate } from './defaults.js';
export { nodeTerm, pods } from './kind.js';
export { qosClassOf } from './qos-class.js';
export { podErrors, podSpecErrors } from './validation/pod-spec.js';
