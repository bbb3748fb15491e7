import type { Operation } from './operations.js';

/** What a request is answered with, in the terms of HTTP but without URLs: those are the server's to build. */
export interface Reply {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: unknown;
  /** The operation to poll. */
  readonly operationId?: string;
  /** Region whose operations URL answers for it. */
  readonly location: string;
}

export const accepted = (status: 200 | 201 | 202, body: unknown, operation: Operation): Reply => ({
  status,
  ...(body !== undefined && { body }),
  operationId: operation.id,
  location: operation.location,
});

export const noContent = (location: string): Reply => ({ status: 204, location });
