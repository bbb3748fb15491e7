import type { Random } from './random.js';
import { anyCount, anyValue, isCount, mutated, nested, oddWords, pointers } from './values.js';
import type { Json } from './values.js';

/** A request as it goes onto the wire. */
export interface FuzzRequest {
  readonly method: string;
  /** Below the cluster's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
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
}

const often = (times: number, word: string): readonly string[] => Array.from({ length: times }, () => word);

/** Namespaces to work in; requests may delete them, and make them anew. */
export const fuzzNamespaces: readonly string[] = ['fuzz-1', 'fuzz-2'];
const namespaces = [...often(6, 'default'), ...often(6, 'fuzz-1'), 'fuzz-2', 'none', 'kube-system'];
/** Few, so that the same objects are met again and their number stays bounded. */
const names = Array.from({ length: 3 }, (_, index) => `fuzz-${String(index)}`);
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
interface Subject {
  readonly kind: FuzzKind;
  readonly namespace: string;
  readonly name: string;
}

/** Makes the next request out of chance alone. */
export function anyRequest(random: Random, material: FuzzMaterial): FuzzRequest {
  const subject = {
    kind: random.pick(material.kinds),
    namespace: random.pick(namespaces),
    name: random.pick(names),
  };
  const method = random.pick(methods);
  const path = random.oneIn(15) ? oddPath(random, material) : pathOf(random, subject, method);
  const isBodied = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
  const { type, body } = isBodied
    ? anyBody(random, material, subject, method)
    : { type: undefined, body: undefined };
  // An apply that does not say who applies is refused at once.
  const manager = type === 'application/apply-patch+yaml' && !random.oneIn(20) ? 'fieldManager=fuzz' : '';
  const query = [manager, anyQuery(random)].filter((part) => part !== '').join('&');
  return {
    method,
    path: path + (query === '' ? '' : `?${query}`),
    headers: { ...anyHeaders(random), ...(type !== undefined && { 'content-type': type }) },
    body,
  };
}

const furtherSubresources: readonly string[] = [
  'status',
  'scale',
  'eviction',
  'binding',
  'log',
  'exec',
  'token',
  'finalize',
  'approval',
  'none',
];

function pathOf(random: Random, { kind, namespace, name }: Subject, method: string): string {
  const within = kind.namespaced && !random.oneIn(20) ? `/namespaces/${namespace}` : '';
  const collection = `${kind.root}${within}/${kind.plural}`;
  if (method === 'POST' ? !random.oneIn(8) : method === 'GET' && random.oneIn(3)) return collection;
  if (random.oneIn(40)) return collection;
  const object = `${collection}/${random.oneIn(25) ? segment(random) : name}`;
  if (method !== 'POST' && !random.oneIn(4)) return object;
  return `${object}/${random.pick([...kind.subresources, ...kind.subresources, random.pick(furtherSubresources)])}`;
}

const segment = (random: Random): string =>
  random.oneIn(4)
    ? random.pick(['%', '%zz', '%2F', '%00', '%ff%fe', '..', '.'])
    : encodeURIComponent(lone(random.pick(oddWords)));

/** A lone half of a surrogate pair has no encoding. */
const lone = (word: string): string => word.replaceAll('\uD800', '�');

function oddPath(random: Random, { kinds }: FuzzMaterial): string {
  const known = [
    'api',
    'apis',
    'v1',
    'apps',
    'namespaces',
    'default',
    'pods',
    'openapi',
    'v2',
    'v3',
    'version',
    'healthz',
    'metrics',
    'status',
    'watch',
    'proxy',
  ];
  const kind = random.pick(kinds);
  return `/${random
    .some(7, () =>
      random.weighted([
        [6, () => random.pick(known)],
        [2, () => segment(random)],
        [1, () => kind.plural],
        [1, () => kind.root.slice(1)],
      ]),
    )
    .join('/')}`;
}

const queryValues: Readonly<Record<string, readonly string[]>> = {
  limit: ['0', '1', '3', '-1', 'x', '9999999999999'],
  continue: ['x', 'e30', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0', '%00'],
  labelSelector: [
    'a=b',
    'a!=b',
    'a in (b,c)',
    '!a',
    'a in (',
    'a==b==c',
    '=',
    ',',
    '__proto__=x',
    'a/b/c=d',
    'ä=1',
    'a>1',
    '((((((((',
  ],
  fieldSelector: [
    'metadata.name=fuzz-1',
    'status.phase!=Running',
    'spec.x=1',
    '=',
    '__proto__=1',
    'a\\,b=c',
    'spec.nodeName=',
  ],
  resourceVersion: ['0', '1', '5', 'x', '-1', '99999999999', '1.5', '18446744073709551616'],
  resourceVersionMatch: ['Exact', 'NotOlderThan', 'x'],
  watch: ['1', 'true', 'false', 'x'],
  timeoutSeconds: ['1', '0', '-1', 'x', '99999999999'],
  allowWatchBookmarks: ['true', 'x'],
  sendInitialEvents: ['true', 'x'],
  dryRun: ['All', 'x', ''],
  fieldManager: ['fuzz', '', 'x'.repeat(200), '\n', '__proto__'],
  fieldValidation: ['Strict', 'Warn', 'Ignore', 'x'],
  force: ['true', 'false', 'x'],
  propagationPolicy: ['Foreground', 'Background', 'Orphan', 'x'],
  gracePeriodSeconds: ['0', '-1', '1', 'x'],
  orphanDependents: ['true', 'x'],
  pretty: ['true', 'x'],
  includeObject: ['None', 'Object', 'x'],
  container: ['main', 'x', '__proto__'],
  tailLines: ['1', '-1', 'x'],
  sinceSeconds: ['1', '-1', 'x'],
  previous: ['true', 'x'],
  follow: ['false', 'x'],
  verbose: ['', '1'],
  exclude: ['x'],
  command: ['ls'],
  '': [''],
  __proto__x: ['1'],
};

function anyQuery(random: Random): string {
  if (random.oneIn(2)) return '';
  if (random.oneIn(60)) return random.pick(['%', '&&&', '=&=', '%zz=1', 'a=%ff', 'watch', 'limit=1&limit=2']);
  const parts = random.some(4, () => {
    const name = random.pick(Object.keys(queryValues));
    return `${encodeURIComponent(name)}=${encodeURIComponent(random.pick(queryValues[name] ?? ['']))}`;
  });
  const text = parts.join('&');
  // A watch without an end is one request for ever.
  return /(^|&)watch=/.test(text) ? `${text}&timeoutSeconds=1` : text;
}

const accepts = [
  'application/json',
  'application/yaml',
  '*/*',
  'text/html',
  '',
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
  'application/vnd.kubernetes.protobuf,application/json',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
  ';;;,,,',
  'application/json;q=x',
];

function anyHeaders(random: Random): Readonly<Record<string, string>> {
  return {
    ...(random.oneIn(2) && { accept: random.pick(accepts) }),
    ...(random.oneIn(5) && { 'accept-encoding': random.pick(['gzip', 'br', 'x', 'gzip;q=0']) }),
    ...(random.oneIn(20) && {
      'impersonate-user': random.pick(['bob', 'system:serviceaccount:default:default', '', '__proto__']),
    }),
    ...(random.oneIn(150) && { 'impersonate-group': random.pick(['system:masters', 'x', '']) }),
    ...(random.oneIn(150) && { 'impersonate-extra-x%zz': 'y' }),
    ...(random.oneIn(40) && {
      authorization: random.pick(['', 'Bearer', 'Bearer x', 'Basic eDp4', 'Bearer a.b.c', 'Negotiate x']),
    }),
    ...(random.oneIn(40) && { 'if-none-match': random.pick(['"x"', '*', '']) }),
    ...(random.oneIn(40) && { 'user-agent': random.pick(['', 'kubectl/v1.35', '/', 'x'.repeat(300)]) }),
    ...(random.oneIn(40) && { 'content-encoding': random.pick(['gzip', 'identity', 'x']) }),
  };
}

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];
const otherTypes = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/apply-patch+cbor',
  'text/plain',
  'application/json; charset=x',
  ';',
  'nonsense',
];

interface Body {
  readonly type: string | undefined;
  readonly body: string | Buffer | undefined;
}

function anyBody(random: Random, material: FuzzMaterial, subject: Subject, method: string): Body {
  if (method === 'DELETE') {
    return random.oneIn(2)
      ? { type: undefined, body: undefined }
      : { type: 'application/json', body: JSON.stringify(deletion(random)) };
  }
  const type = random.oneIn(12)
    ? random.pick([...patchTypes, ...otherTypes])
    : method === 'PATCH'
      ? random.pick(patchTypes)
      : random.weighted([
          [8, () => 'application/json'],
          [2, () => 'application/yaml'],
          [1, () => 'application/vnd.kubernetes.protobuf'],
        ]);
  if (type === 'application/vnd.kubernetes.protobuf')
    return { type, body: damaged(random, random.pick(material.protobufs)) };
  const template = templateOf(random, material, subject);
  return { type, body: random.oneIn(12) ? anyText(random) : textOf(random, type, template) };
}

function textOf(random: Random, type: string, template: Json): string {
  switch (type) {
    case 'application/json-patch+json':
      return JSON.stringify(jsonPatch(random, template));
    case 'application/merge-patch+json':
    case 'application/strategic-merge-patch+json':
      return JSON.stringify(mergePatch(random, template));
    default:
      return JSON.stringify(changedOften(random, template));
  }
}

/** An object of the kind: valid before it is changed, where there is a template. */
function templateOf(random: Random, { templates }: FuzzMaterial, { kind, namespace, name }: Subject): Json {
  const { apiVersion } = kind;
  const known = templates.get(`${apiVersion}/${kind.kind}`) ?? { apiVersion, kind: kind.kind };
  const object = known as { [name: string]: Json };
  const metadata = (object['metadata'] ?? {}) as { [name: string]: Json };
  return {
    ...object,
    metadata: {
      ...metadata,
      name: random.oneIn(20) ? random.pick(oddWords) : name,
      ...(kind.namespaced && { namespace: random.oneIn(20) ? random.pick(namespaces) : namespace }),
      ...(random.oneIn(12) && { finalizers: ['fuzz.example.com/hold'] }),
      ...(random.oneIn(12) && {
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: random.pick(names), uid: 'x' }],
      }),
    },
  };
}

function changedOften(random: Random, value: Json): Json {
  let changed = value;
  for (let times = random.pick([0, 0, 1, 1, 2, 4]); times > 0; times -= 1) changed = mutated(random, changed);
  return changed;
}

const jsonPatch = (random: Random, template: Json): Json => {
  const known = pointers(template);
  const path = (): string =>
    random.pick([
      random.pick(known),
      random.pick(known),
      `/${random.pick(oddWords)}`,
      '/metadata/labels/x',
      '/metadata/finalizers/-',
      '/metadata/managedFields',
      '',
      'x',
      '/spec/-',
    ]);
  return [
    ...random.some(4, () => {
      const op = random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']);
      const at = path();
      const value = isCount(at) ? anyCount(random) : anyValue(random);
      return random.oneIn(20)
        ? anyValue(random)
        : { op, path: at, ...(op === 'move' || op === 'copy' ? { from: path() } : { value }) };
    }),
  ];
};

function mergePatch(random: Random, template: Json): Json {
  if (random.oneIn(15)) return anyValue(random);
  if (template === null || typeof template !== 'object' || random.oneIn(6)) return mutated(random, template);
  if (Array.isArray(template)) {
    return random.weighted<Json>([
      [3, () => [mergePatch(random, template[0] ?? null)]],
      [1, () => [{ $patch: random.pick(['replace', 'delete', 'merge', 'x']) }]],
      [1, () => template],
    ]);
  }
  const name = random.pick([...Object.keys(template), 'metadata']);
  const rest: Json = random.oneIn(10)
    ? { $patch: random.pick(['replace', 'delete', 'merge', 'x', 1]) as Json }
    : {};
  const order: Json = random.oneIn(10)
    ? { [`$setElementOrder/${name}`]: [{ name: 'main' }, anyValue(random)] }
    : {};
  const retained: Json = random.oneIn(15) ? { $retainKeys: [name, anyValue(random)] } : {};
  if (isCount(name)) return { [name]: anyCount(random) };
  return { ...rest, ...order, ...retained, [name]: mergePatch(random, template[name] ?? null) };
}

const deletion = (random: Random): Json =>
  random.oneIn(3)
    ? anyValue(random)
    : {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(random.oneIn(2) && { gracePeriodSeconds: random.pick([0, 1, -1, 30, 0.5]) }),
        ...(random.oneIn(2) && {
          propagationPolicy: random.pick(['Foreground', 'Background', 'Orphan', 'x']),
        }),
        ...(random.oneIn(4) && { preconditions: { uid: 'x', resourceVersion: '1' } }),
        ...(random.oneIn(4) && { dryRun: [random.pick(['All', 'x'])] }),
      };

/** What is no object, in more ways than one. */
function anyText(random: Random): string | Buffer {
  return random.weighted<string | Buffer>([
    [4, () => JSON.stringify(anyValue(random))],
    [2, () => nested(random)],
    [2, () => random.pick(oddWords)],
    [1, () => Buffer.from(random.some(60, () => random.below(256)))],
    [1, () => '{"metadata":{"name":"a"},"metadata":{"name":"b"}}'],
    [
      1,
      () =>
        '{"metadata":{"name":"fuzz-1","__proto__":{"polluted":true}},"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ],
    [1, () => '\uFEFF{"metadata":{"name":"fuzz-2"}}'],
    [1, () => '{"data":1e99999,"x":-0,"y":"\\ud800"}'],
    [
      1,
      () =>
        'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
    ],
    [1, () => 'a: &a\n  b: *a\n'],
    [1, () => '<<: {a: 1}\n? [x]\n: y\n!!binary x: !x y\n'],
    [1, () => 'a: 1\n---\nb: 2\n...\n'],
    [1, () => '\ta: 1'],
    [1, () => `{"data":{"x":"${'y'.repeat(random.oneIn(40) ? 2_900_000 : 20_000)}"}}`],
    [random.oneIn(20) ? 1 : 0, () => `{"data":"${'z'.repeat(3_300_000)}"}`],
  ]);
}

function damaged(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = random.below(4); times > 0; times -= 1)
    copy[random.below(copy.length)] = random.below(256);
  return random.oneIn(5) ? copy.subarray(0, random.below(copy.length)) : copy;
}
