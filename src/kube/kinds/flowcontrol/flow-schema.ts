import { plain } from '../kind-parts.js';
import { flowControl } from './group.js';

export const flowSchemas = plain({
  ...flowControl,
  kind: 'FlowSchema',
  plural: 'flowschemas',
  schema: 'V1FlowSchema',
});
