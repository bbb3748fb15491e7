export { DaemonSetController } from './controller.js';
