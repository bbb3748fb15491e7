import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { isObject } from '../../kube/index.js';
import type { JsonObject } from '../../kube/index.js';

const fileName = 'service-account-key.pem';
const generate = promisify(generateKeyPair);
const algorithm = 'RS256';

/** The key of a world's service account tokens: made at first start and kept, readable by the owner alone. */
export class ServiceAccountKeys {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;
  /** The public key, as clients read it (RFC 7517). */
  readonly jwks: JsonObject;

  private constructor(privateKey: KeyObject, publicKey: KeyObject, keyId: string, jwks: JsonObject) {
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
    this.#keyId = keyId;
    this.jwks = jwks;
  }

  static async loadOrCreate(directory: string): Promise<ServiceAccountKeys> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, fileName);
    if (!existsSync(path)) {
      const made = await generate('rsa', { modulusLength: 2048 });
      writeFileSync(path, made.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    }
    const privateKey = createPrivateKey(readFileSync(path, 'utf8'));
    const publicKey = createPublicKey(privateKey);
    const jwk = await exportJWK(publicKey);
    const keyId = await calculateJwkThumbprint(jwk);
    const jwks = { keys: [{ use: 'sig', kid: keyId, alg: algorithm, ...jwk }] };
    return new ServiceAccountKeys(privateKey, publicKey, keyId, jwks);
  }

  /** A token that says the claims (RFC 7519). */
  sign(claims: JsonObject): string {
    const signed = `${encoded({ alg: algorithm, kid: this.#keyId })}.${encoded(claims)}`;
    return `${signed}.${signBytes('sha256', Buffer.from(signed), this.#privateKey).toString('base64url')}`;
  }

  /** A secret for a purpose, which nobody can tell without the key: 128 hexadecimal digits. */
  secretFor(purpose: string): string {
    const key = this.#privateKey.export({ type: 'pkcs8', format: 'der' });
    return createHmac('sha512', key).update(purpose).digest('hex');
  }

  /** What a token says; undefined when it is none, or not signed by this key. */
  verify(token: string): JsonObject | undefined {
    const [header = '', payload = '', signature = '', ...rest] = token.split('.');
    if (signature === '' || rest.length > 0) return undefined;
    if (decoded(header)?.['alg'] !== algorithm) return undefined;
    const signed = Buffer.from(`${header}.${payload}`);
    const isOurs = verifyBytes('sha256', signed, this.#publicKey, Buffer.from(signature, 'base64url'));
    return isOurs ? decoded(payload) : undefined;
  }
}

const encoded = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decoded(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
