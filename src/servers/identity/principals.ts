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
/** One principal a role. */
export type Principals = readonly [contributor: Principal, reader: Principal];

/** The service principals; made with secrets of their own at first start and readable by the owner alone. */
export function loadOrCreatePrincipals(directory: string): Principals {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, fileName);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Principals;
  const principals: Principals = [newPrincipal('Contributor'), newPrincipal('Reader')];
  writeFileSync(path, JSON.stringify(principals, null, 2), { mode: 0o600 });
  return principals;
}

const newPrincipal = (role: Role): Principal => ({
  clientId: randomUUID(),
  clientSecret: randomBytes(24).toString('base64url'),
  objectId: randomUUID(),
  role,
});

/** Whether two secrets are equal, in a time that does not tell how far they agree. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
