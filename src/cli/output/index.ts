export { format, outputFormats } from './format.js';
export type { OutputFormat, OutputOptions } from './format.js';
export type { Row } from './table.js';
