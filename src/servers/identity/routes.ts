import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sameSecret } from './principals.js';
import type { Principal } from './principals.js';
import type { TokenAuthority } from './tokens.js';

/** What the identity endpoints need; `endpoint` is where clients reach the server, without a slash at its end. */
export interface IdentityParts {
  readonly tenantId: string;
  readonly principals: readonly Principal[];
  readonly authority: TokenAuthority;
  readonly endpoint: () => string;
}

/** The forms of authority that clients know: ADFS, which skips instance discovery, and a tenant of the public kind. */
const configurationPaths = [
  '/adfs/.well-known/openid-configuration',
  '/adfs/adfs/.well-known/openid-configuration',
  '/:tenant/v2.0/.well-known/openid-configuration',
  '/:tenant/.well-known/openid-configuration',
];
const tokenPaths = [
  '/adfs/oauth2/token',
  '/adfs/adfs/oauth2/token',
  '/adfs/:tenant/oauth2/v2.0/token',
  '/:tenant/oauth2/v2.0/token',
  '/:tenant/oauth2/token',
];

/** OpenID discovery and the token endpoint (OAuth 2.0 client credentials). */
export function registerIdentity(app: FastifyInstance, parts: IdentityParts): void {
  for (const path of configurationPaths) {
    app.get(path, (request) => openIdConfiguration(parts, authorityOf(request)));
  }
  for (const path of tokenPaths) {
    app.post(path, async (request, reply) => {
      const { status, body } = await token(parts, formOf(request));
      return reply.status(status).send(body);
    });
  }
  app.get('/common/discovery/instance', () => instanceDiscovery(parts));
  const keys = () => ({ keys: [parts.authority.jwk] });
  app.get('/common/discovery/keys', keys);
  app.get('/adfs/discovery/keys', keys);
}

/** The authority is all before the well-known part of the path. */
const authorityOf = (request: FastifyRequest): string =>
  (request.url.split('?')[0] ?? '').replace(/(\/v2\.0)?\/\.well-known\/.*$/i, '').replace(/^\/+/, '');

function openIdConfiguration(parts: IdentityParts, authority: string): Record<string, unknown> {
  const endpoint = parts.endpoint();
  const version = authority.startsWith('adfs') ? '' : '/v2.0';
  return {
    issuer: `${endpoint}/${authority}`,
    authorization_endpoint: `${endpoint}/${authority}/oauth2${version}/authorize`,
    token_endpoint: `${endpoint}/${authority}/oauth2${version}/token`,
    device_authorization_endpoint: `${endpoint}/${authority}/oauth2${version}/devicecode`,
    jwks_uri: `${endpoint}/common/discovery/keys`,
    response_types_supported: ['code', 'token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    scopes_supported: ['openid', 'profile', 'offline_access'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'appid', 'oid', 'tid'],
    tenant_region_scope: null,
  };
}

function instanceDiscovery({ endpoint, tenantId }: IdentityParts): Record<string, unknown> {
  const host = endpoint().replace(/^https:\/\//, '');
  return {
    tenant_discovery_endpoint: `${endpoint()}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

type Form = Readonly<Record<string, string>>;

/** The form with credentials that came in the Authorization header put in. */
function formOf(request: FastifyRequest): Form {
  const form = (request.body ?? {}) as Form;
  const [, basic] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (basic === undefined) return form;
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
  return { client_id: id, client_secret: secret, ...form };
}

interface TokenReply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const refusal = (status: number, error: string, code: number, description: string): TokenReply => ({
  status,
  body: { error, error_description: `AADSTS${String(code)}: ${description}`, error_codes: [code] },
});

async function token(parts: IdentityParts, form: Form): Promise<TokenReply> {
  const grant = form['grant_type'];
  if (grant !== 'client_credentials') {
    return refusal(
      400,
      'unsupported_grant_type',
      70003,
      `The grant type '${grant ?? ''}' is not supported: use client_credentials.`,
    );
  }
  const principal = parts.principals.find(({ clientId }) => clientId === form['client_id']?.toLowerCase());
  if (!principal) {
    return refusal(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${form['client_id'] ?? ''}' was not found in the directory.`,
    );
  }
  if (!sameSecret(principal.clientSecret, form['client_secret'] ?? '')) {
    return refusal(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  }
  const audience =
    (form['scope']?.split(' ')[0]?.replace(/\/\.default$/, '') ?? form['resource']) || parts.endpoint();
  const now = Math.floor(Date.now() / 1000);
  const issuer = `${parts.endpoint()}/${parts.tenantId}/`;
  const { accessToken, expiresIn } = await parts.authority.issue(principal, audience, issuer, now);
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      access_token: accessToken,
      expires_in: expiresIn,
      ext_expires_in: expiresIn,
      expires_on: now + expiresIn,
      not_before: now,
      resource: audience,
    },
  };
}
