import { plain } from '../kind-parts.js';
import { flowControl } from './group.js';

export const priorityLevelConfigurations = plain({
  ...flowControl,
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  schema: 'V1PriorityLevelConfiguration',
});
