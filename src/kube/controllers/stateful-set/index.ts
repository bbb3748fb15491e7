export { StatefulSetController } from './controller.js';
