import type { Brand } from './brand.js';

/** A moment of world time: milliseconds since the Unix epoch. */
export type Instant = Brand<number, 'Instant'>;

/** A span of world time in milliseconds. */
export type Duration = Brand<number, 'Duration'>;

export const instant = (millisecondsSinceEpoch: number): Instant => millisecondsSinceEpoch as Instant;
export const milliseconds = (n: number): Duration => n as Duration;
export const seconds = (n: number): Duration => (n * 1000) as Duration;
export const minutes = (n: number): Duration => (n * 60_000) as Duration;
export const hours = (n: number): Duration => (n * 3_600_000) as Duration;

/** The moment `span` after `start`. */
export const after = (start: Instant, span: Duration): Instant => (start + span) as Instant;

/** ISO 8601 in UTC, as ARM and Kubernetes write it, e.g. `2026-08-21T09:30:00.000Z`. */
export const toIso = (when: Instant): string => new Date(when).toISOString();
