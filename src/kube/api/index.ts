export type {
  AdmissionChain,
  AdmissionOperation,
  AdmissionRequest,
  Requester,
  Scope,
  WriteContext,
} from './context.js';
export { ownRequester } from './context.js';
export { ListPage, Lists, checkReached, parseRevision } from './lists.js';
export type { ListQuery } from './lists.js';
export { ObjectApi, checkPreconditions, patchedBy } from './object-api.js';
export type { DeleteOptions, DeletionRequest, WriteOptions, Written } from './object-api.js';
export { compileSelection, entriesIn, entryOf, presented, shown } from './reads.js';
export type { Matcher, Selection } from './reads.js';
export { StatusError } from './status-error.js';
export { forbiddenField, invalid, notSupported, required } from './field-error.js';
export type { FieldError } from './field-error.js';
export type { GroupResource } from './status-error.js';
export { ObjectChange, WatchHub } from './watch-hub.js';
export type { WatchEventType } from './watch-hub.js';
export { deleteObject, generatedName, insertObject, replaceObject } from './writes.js';
export type { Part, Propagation } from './writes.js';
export { scaleOf, withScale } from './scale.js';
export { mostTextFaults } from './read-body.js';
export type { FieldValidation, Patch, PatchType } from './read-body.js';
