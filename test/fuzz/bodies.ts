import type { Random } from './random.js';
import { jsonPatch, mergePatch } from './patches.js';
import { names, namespaces } from './names.js';
import type { FuzzMaterial, Subject } from './requests.js';
import { anyText, damaged } from './texts.js';
import { anyValue, mutated, oddWords } from './values.js';
import type { Json } from './values.js';

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

/** What is sent with a request, and the type that it says it is of. */
export function anyBody(random: Random, material: FuzzMaterial, subject: Subject, method: string): Body {
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
    default: {
      const text = JSON.stringify(changedOften(random, template));
      return random.oneIn(30) ? withOddNumber(random, text) : text;
    }
  }
}

/** Numbers that JSON can write and a computer can't hold. */
function withOddNumber(random: Random, text: string): string {
  const number = random.pick([
    '1e400',
    '-0',
    '123456789012345678901234567890',
    '1e-400',
    '0.1e1',
    '1E+2',
    '-1e-7',
  ]);
  let left = random.below(4);
  return text.replace(/(?<=[:[,])\d+(?=[\]},])/g, (present) => (left-- === 0 ? number : present));
}

/** An object of the kind: valid before it is changed, where there is a template. */
function templateOf(
  random: Random,
  { templates }: FuzzMaterial,
  { kind, namespace, name, object: learned }: Subject,
): Json {
  // What is there already can be written back, as long as nobody else has changed it.
  if (learned && !random.oneIn(4)) return learned.value;
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
