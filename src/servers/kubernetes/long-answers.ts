import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '../../kube/index.js';
import { sendAnswer, takesGzip } from './answers.js';
import type { Representation } from './negotiation.js';

/** A JSON object with one member that may be a very long list: its elements are made as they are sent. */
export interface LongDocument {
  readonly head: JsonObject;
  /** Name of the member. */
  readonly list: string;
  readonly elements: Iterable<JsonObject>;
}

/** What fits into one chunk is sent at once, as any answer; the chunks of a longer one leave room for others in between. */
const chunkLength = 128 * 1024;

/** Sends a document in the format asked for, a long one in chunks as fast as the client reads them. */
export async function sendLong(
  request: FastifyRequest,
  reply: FastifyReply,
  document: LongDocument,
  format: Representation['format'],
): Promise<FastifyReply> {
  if (format === 'yaml') return sendAnswer(request, reply, 200, whole(document), format);
  const chunks = chunksOf(document);
  const first = chunks.next();
  const second = chunks.next();
  void reply
    .status(200)
    .header('content-type', 'application/json')
    .header('cache-control', 'no-cache, private');
  if (first.done) return reply.send('');
  // As bytes: a text would have its character set added to the type, which the API server does not name.
  if (second.done) return reply.send(Buffer.from(first.value));
  const text = Readable.from(paced([first.value, second.value], chunks), { objectMode: false });
  if (!takesGzip(request)) return reply.send(text);
  void reply.header('content-encoding', 'gzip').header('vary', 'Accept-Encoding');
  return reply.send(text.pipe(createGzip({ level: 1 })));
}

const whole = ({ head, list, elements }: LongDocument): JsonObject => ({ ...head, [list]: [...elements] });

function* chunksOf({ head, list, elements }: LongDocument): Generator<string, undefined> {
  const opened = JSON.stringify(head).slice(0, -1);
  let chunk = `${opened}${opened === '{' ? '' : ','}${JSON.stringify(list)}:[`;
  let separator = '';
  for (const element of elements) {
    chunk += separator + JSON.stringify(element);
    separator = ',';
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}]}`;
  return undefined;
}

async function* paced(first: readonly string[], rest: Iterable<string>): AsyncIterable<string> {
  yield* first;
  for (const chunk of rest) {
    await new Promise((resolve) => setImmediate(resolve));
    yield chunk;
  }
}
