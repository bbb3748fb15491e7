import type { Random } from './random.js';
import type { FuzzMaterial, Subject } from './requests.js';
import { oddWords } from './values.js';

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

/** Where a request about a subject goes, mostly. */
export function pathOf(random: Random, { kind, namespace, name }: Subject, method: string): string {
  const within = kind.namespaced && !random.oneIn(20) ? `/namespaces/${namespace}` : '';
  const collection = `${kind.root}${within}/${kind.plural}`;
  if (method === 'POST' ? !random.oneIn(8) : method === 'GET' && random.oneIn(3)) return collection;
  if (random.oneIn(40)) return collection;
  const object = `${collection}/${random.oneIn(25) ? segment(random) : encodeURIComponent(lone(name))}`;
  if (method !== 'POST' && !random.oneIn(4)) return object;
  return `${object}/${random.pick([...kind.subresources, ...kind.subresources, random.pick(furtherSubresources)])}`;
}

const segment = (random: Random): string =>
  random.oneIn(4)
    ? random.pick([
        '%',
        '%zz',
        '%2F',
        '%00',
        '%ff%fe',
        '..',
        '.',
        '*',
        '%C3%A4',
        ';x',
        '//',
        '\\',
        '%25',
        ':',
      ])
    : encodeURIComponent(lone(random.pick(oddWords)));

/** A lone half of a surrogate pair has no encoding. */
const lone = (word: string): string => word.replaceAll('\uD800', '�');

/** A path of parts that may have nothing to do with one another. */
export function oddPath(random: Random, { kinds }: FuzzMaterial): string {
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
