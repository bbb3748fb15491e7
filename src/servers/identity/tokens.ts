import { SignJWT, exportJWK, generateKeyPair, jwtVerify, errors } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import type { Principal } from './principals.js';

/** Seconds a token holds, as the public authority gives at most. */
const lifetimeSeconds = 86_399;

/** Public ARM: SDKs ask for a token of this audience whatever endpoint they are given. */
const publicArm = ['https://management.azure.com', 'https://management.core.windows.net'];

/** Why a token was not taken. */
export type TokenProblem = 'malformed' | 'expired' | 'wrong-audience' | 'wrong-signature';

interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Signs access tokens and checks them; its key lives as long as the process, so a restart asks clients to sign in again. */
export class TokenAuthority {
  readonly #keys: KeyPair;
  readonly #tenantId: string;
  readonly jwk: JWK;

  private constructor(keys: KeyPair, jwk: JWK, tenantId: string) {
    this.#keys = keys;
    this.jwk = jwk;
    this.#tenantId = tenantId;
  }

  static async create(tenantId: string): Promise<TokenAuthority> {
    const keys = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'poolkeeper', use: 'sig', alg: 'ES256' };
    return new TokenAuthority(keys, jwk, tenantId);
  }

  /** Issues a token for `audience`; `now` is in seconds of real time, as clients check it against their own clocks. */
  async issue(principal: Principal, audience: string, issuer: string, now: number): Promise<IssuedToken> {
    const { clientId, objectId } = principal;
    const claims = {
      tid: this.#tenantId,
      oid: objectId,
      appid: clientId,
      appidacr: '1',
      idtyp: 'app',
      ver: '1.0',
    };
    const accessToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'poolkeeper' })
      .setIssuer(issuer)
      .setSubject(objectId)
      .setAudience(audience)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(this.#keys.privateKey);
    return { accessToken, expiresIn: lifetimeSeconds };
  }

  /** The client id a token was issued to, or why it is not taken. `audiences` are the resources it may be for. */
  async verify(
    token: string,
    audiences: readonly string[],
  ): Promise<{ readonly clientId: string } | TokenProblem> {
    try {
      const { payload } = await jwtVerify(token, this.#keys.publicKey, { algorithms: ['ES256'] });
      const accepted = [...audiences, ...publicArm].map(withoutSlash);
      const [audience] = [payload.aud ?? []].flat();
      if (audience === undefined || !accepted.includes(withoutSlash(audience))) return 'wrong-audience';
      return typeof payload['appid'] === 'string' ? { clientId: payload['appid'] } : 'malformed';
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (error instanceof errors.JWSSignatureVerificationFailed) return 'wrong-signature';
      if (error instanceof errors.JOSEError) return 'malformed';
      throw error;
    }
  }
}

export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

const withoutSlash = (resource: string): string => resource.replace(/\/+$/, '').toLowerCase();
