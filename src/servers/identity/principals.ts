import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';

/** What a service principal may do with the subscription (Azure built-in roles). */
export type Role = 'Contributor' | 'Reader';

/** A service principal that may sign in. */
export interface Principal {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly objectId: string;
  readonly role: Role;
}

const fileName = 'principals.json';
const roles: readonly Role[] = ['Contributor', 'Reader'];

/** The service principals, one a role; made with secrets of their own at first start and readable by the owner alone. */
export function loadOrCreatePrincipals(directory: string): readonly Principal[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, fileName);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as readonly Principal[];
  const principals = roles.map((role) => ({
    clientId: randomUUID(),
    clientSecret: randomBytes(24).toString('base64url'),
    objectId: randomUUID(),
    role,
  }));
  writeFileSync(path, JSON.stringify(principals, null, 2), { mode: 0o600 });
  return principals;
}

/** Whether two secrets are equal, in a time that does not tell how far they agree. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
