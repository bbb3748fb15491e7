export { ageColumn, column, flagAt, lengthAt, nameColumn, numberAt, textAt, wide } from './column.js';
export type { Cell, Column } from './column.js';
export { JsonPathError, parseJsonPath } from './json-path.js';
export { elapsed, humanDuration } from './elapsed.js';
export { columnDefinitions, partialMetadata, tableRow } from './table.js';
export type { IncludeObject } from './table.js';
export { listText } from './list-text.js';
