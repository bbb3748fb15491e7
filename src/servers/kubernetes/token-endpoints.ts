import { randomUUID } from 'node:crypto';
import { StatusError, tokenRequest } from '../../kube/index.js';
import type { JsonObject, Scope } from '../../kube/index.js';
import { issuerOf } from './authentication.js';
import type { KubernetesRequest } from './app.js';

/** Answers `serviceaccounts/NAME/token`: the request with its token. @throws StatusError 400, 404, 409, 422 */
export function issueToken(
  { world, cluster, keys }: KubernetesRequest,
  scope: Scope,
  name: string,
  body: unknown,
): { readonly answer: JsonObject; readonly warnings: readonly string[] } {
  const { namespace } = scope;
  if (namespace === undefined) throw StatusError.noSuchPath();
  const issuance = { issuer: issuerOf(cluster), now: world.clock.now(), id: randomUUID() };
  const asked = tokenRequest(world.store, { ...scope, namespace }, name, body, issuance);
  return { answer: asked.answer(keys.sign({ ...asked.claims })), warnings: asked.warnings };
}

/** By which others check the tokens of a cluster (OpenID Connect discovery); undefined for another path. */
export function issuerDocument(request: KubernetesRequest, path: string): JsonObject | undefined {
  const { cluster, keys, endpoint } = request;
  if (path === '/openid/v1/jwks') return keys.jwks;
  if (path !== '/.well-known/openid-configuration') return undefined;
  return {
    issuer: issuerOf(cluster),
    jwks_uri: `${endpoint()}/kubernetes/${cluster.properties.fqdn ?? cluster.name}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}
