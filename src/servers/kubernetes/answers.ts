import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { stringify } from 'yaml';
import type { Representation } from './negotiation.js';

const gzipped = promisify(gzip);
/** Answers from this size on are compressed where the client takes it (API server: gzip). */
const gzipFrom = 128 * 1024;

/** Sends a JSON value in the format asked for, compressed when it is large. */
export async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  value: unknown,
  format: Representation['format'] = 'json',
  contentType = format === 'yaml' ? 'application/yaml' : 'application/json',
): Promise<FastifyReply> {
  const text = format === 'yaml' ? stringify(value) : JSON.stringify(value);
  void reply.status(status).header('content-type', contentType).header('cache-control', 'no-cache, private');
  if (!takesGzip(request) || text.length < gzipFrom) {
    // As bytes: to text Fastify would add a charset, which the API server does not tell.
    return reply.send(Buffer.from(text));
  }
  const body = await gzipped(text, { level: 1 });
  return reply.header('content-encoding', 'gzip').header('vary', 'Accept-Encoding').send(body);
}

export const takesGzip = ({ headers }: FastifyRequest): boolean =>
  /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
