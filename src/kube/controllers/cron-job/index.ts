export { CronJobController } from './controller.js';
