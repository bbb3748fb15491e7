export { AutoscalerController } from './controller.js';
