import { anyBody } from './bodies.js';
import { anyDelivery } from './deliveries.js';
import type { Delivery } from './deliveries.js';
import { anyHeaders } from './headers.js';
import type { Learned, LearnedObject } from './learned.js';
import { names, namespaces } from './names.js';
import { oddPath, pathOf } from './paths.js';
import { anyQuery } from './queries.js';
import type { Random } from './random.js';
import type { Json } from './values.js';

/** A request as it goes onto the wire. */
export interface FuzzRequest {
  readonly method: string;
  /** Below the cluster's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  readonly delivery: Delivery;
}

/** A kind that the server has, as its discovery tells. */
export interface FuzzKind {
  /** E.g. `/apis/apps/v1`. */
  readonly root: string;
  readonly plural: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
}

/** What requests are made from. */
export interface FuzzMaterial {
  readonly kinds: readonly FuzzKind[];
  /** Objects that are valid, by `apiVersion/kind`. */
  readonly templates: ReadonlyMap<string, Json>;
  /** Objects in protobuf. */
  readonly protobufs: readonly Buffer[];
  readonly learned: Learned;
}

const often = (times: number, word: string): readonly string[] => Array.from({ length: times }, () => word);

const methods = [
  ...often(6, 'GET'),
  ...often(8, 'POST'),
  ...often(3, 'PUT'),
  ...often(8, 'PATCH'),
  ...often(3, 'DELETE'),
  'HEAD',
  'OPTIONS',
];

/** What a request is about; most of its parts agree with one another. */
export interface Subject {
  readonly kind: FuzzKind;
  readonly namespace: string;
  readonly name: string;
  /** What is known of the object, if it is one that the server has told of. */
  readonly object: LearnedObject | undefined;
}

/** Makes the next request out of chance, and of what answers have told. */
export function anyRequest(random: Random, material: FuzzMaterial): FuzzRequest {
  const method = random.pick(methods);
  const subject = anySubject(random, material, method);
  const path = random.oneIn(20) ? oddPath(random, material) : pathOf(random, subject, method);
  const isBodied = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
  const { type, body } = isBodied
    ? anyBody(random, material, subject, method)
    : { type: undefined, body: undefined };
  // An apply that does not say who applies is refused at once.
  const manager = type === 'application/apply-patch+yaml' && !random.oneIn(20) ? 'fieldManager=fuzz' : '';
  const query = [manager, anyQuery(random, material.learned)].filter((part) => part !== '').join('&');
  return {
    method,
    path: path + (query === '' ? '' : `?${query}`),
    headers: { ...anyHeaders(random), ...(type !== undefined && { 'content-type': type }) },
    body,
    delivery: anyDelivery(random),
  };
}

function anySubject(random: Random, { kinds, learned }: FuzzMaterial, method: string): Subject {
  const kind = random.pick(kinds);
  const known = method !== 'POST' && random.oneIn(2) ? learned.object(random, kind) : undefined;
  return {
    kind,
    namespace: known?.namespace ?? random.pick(namespaces),
    name: known?.name ?? random.pick(names),
    object: known,
  };
}
