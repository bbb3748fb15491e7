export { defineCollection } from './collection.js';
export type { Collection, IndexTerms } from './collection.js';
export { ConflictError, TooOldError } from './errors.js';
export type { Journal, JournalRow } from './journal.js';
export type { Change, Commit, Reader, Revision, Transaction, Versioned } from './reader.js';
export { Store } from './store.js';
export type { StoreInit } from './store.js';
