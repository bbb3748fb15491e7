export { DeploymentController } from './controller.js';
