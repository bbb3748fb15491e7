export * from './offered.js';
export * from './resolve.js';
export * from './version.js';
