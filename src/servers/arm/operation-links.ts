import type { FastifyReply } from 'fastify';
import type { Reply } from '../../nodepools/index.js';
import type { ArmParts } from './access.js';

/** The AKS provider's own api-version, which its polling links carry whatever the caller's is (recorded). */
const linkVersion = '2025-03-01';

/** Seconds between polls: without the header clients wait up to half a minute. */
export const retryAfterSeconds = 1;

/**
 * Sends an answer of the AKS provider with the links to its operation: the status URL always, the results URL for what is
 * no PUT (recorded).
 */
export function sendReply(parts: ArmParts, reply: FastifyReply, answer: Reply): FastifyReply {
  const { status, body, operationId, location } = answer;
  void reply.status(status);
  if (operationId !== undefined) {
    const base = `${parts.endpoint()}/subscriptions/${parts.world.subscription.id}/providers/Microsoft.ContainerService`;
    const link = (kind: string) =>
      `${base}/locations/${location}/${kind}/${operationId}?api-version=${linkVersion}`;
    void reply.header('azure-asyncoperation', link('operations')).header('retry-after', retryAfterSeconds);
    if (status === 202) void reply.header('location', link('operationresults'));
  }
  return reply.send(body);
}
