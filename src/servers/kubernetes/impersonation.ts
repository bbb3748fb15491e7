import type { IncomingHttpHeaders } from 'node:http';
import { StatusError } from '../../kube/index.js';
import type { Attributes, User } from '../../kube/index.js';
import type { World } from '../../world/index.js';
import { authorize } from './authorization.js';
import { put } from '../../units/index.js';

const authenticated = 'system:authenticated';
const unauthenticated = 'system:unauthenticated';
const anonymous = 'system:anonymous';
const extraPrefix = 'impersonate-extra-';
const accounts = 'system:serviceaccount:';
const authentication = 'authentication.k8s.io';

/** Whom a request's headers ask to act as; undefined when they ask for nobody. */
interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * The user that a request acts as: its sender, or whom its headers name where the sender's roles let it impersonate each of
 * them (Kubernetes: user impersonation).
 *
 * @throws StatusError 403, 500 for headers without a user
 */
export function impersonated(
  world: World,
  cluster: string,
  sender: User,
  headers: IncomingHttpHeaders,
): User {
  const wanted = readHeaders(headers);
  if (!wanted) return sender;
  for (const attributes of needed(wanted)) authorize(world, cluster, sender, attributes);
  const { name, uid, extra } = wanted;
  return {
    name,
    ...(uid !== '' && { uid }),
    groups: groupsOf(wanted),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

const valuesOf = (value: string | string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat().flatMap((one) => one.split(/, */));

function readHeaders(headers: IncomingHttpHeaders): Wanted | undefined {
  const [name = ''] = valuesOf(headers['impersonate-user']);
  const [uid = ''] = valuesOf(headers['impersonate-uid']);
  const groups = valuesOf(headers['impersonate-group']);
  const extra: Record<string, readonly string[]> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith(extraPrefix))
      put(extra, decoded(header.slice(extraPrefix.length)), valuesOf(value));
  }
  if (name !== '') return { name, uid, groups, extra };
  if (uid === '' && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  throw new StatusError(
    500,
    'InternalError',
    'Internal error occurred: requested groups, a uid or extra values without impersonating a user',
    {},
  );
}

/** Keys of extra values are escaped as in URLs, where a header can't hold them. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** What the sender must be allowed for, each by itself. */
function needed({ name, uid, groups, extra }: Wanted): readonly Attributes[] {
  const may = (group: string, resource: string, value: string, namespace?: string): Attributes => ({
    kind: 'resource',
    verb: 'impersonate',
    group,
    resource,
    name: value,
    ...(namespace !== undefined && { namespace }),
  });
  const account = accountOf(name);
  return [
    account ? may('', 'serviceaccounts', account.name, account.namespace) : may('', 'users', name),
    ...groups.map((group) => may('', 'groups', group)),
    ...(uid === '' ? [] : [may(authentication, 'uids', uid)]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => may(authentication, `userextras/${key}`, value)),
    ),
  ];
}

function accountOf(name: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!name.startsWith(accounts)) return undefined;
  const [namespace, account, ...rest] = name.slice(accounts.length).split(':');
  return namespace && account && rest.length === 0 ? { namespace, name: account } : undefined;
}

function groupsOf({ name, groups }: Wanted): readonly string[] {
  if (name === anonymous) return groups.includes(unauthenticated) ? groups : [...groups, unauthenticated];
  const account = accountOf(name);
  const own =
    account && groups.length === 0
      ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`]
      : groups;
  return own.includes(authenticated) || own.includes(unauthenticated) ? own : [...own, authenticated];
}
