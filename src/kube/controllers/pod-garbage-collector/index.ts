export { lostNodes } from './lost-nodes.js';
export { PodGarbageCollector } from './pod-garbage-collector.js';
