import type { Learned } from './learned.js';
import type { Random } from './random.js';

const queryValues: Readonly<Record<string, readonly string[]>> = {
  limit: ['0', '1', '3', '-1', 'x', '9999999999999', '1e3', '0x10', ' 1', '9223372036854775808'],
  continue: [
    'x',
    'e30',
    'bnVsbA',
    'W10',
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0',
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiXHUwMDAwIn0',
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6IngiLCJzdGFydCI6e319',
    '%00',
  ],
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
    'a in ()',
    'a in (,)',
    'a notin (b),!c,d',
    'a in (b' + ',b'.repeat(2000) + ')',
    'a,'.repeat(3000),
    '!',
    '!!a',
    'a<1,b>x',
    'a>99999999999999999999',
    'x'.repeat(300) + '=y',
    'in in (in)',
    'a = b , c != d',
    'a\u0000=b',
  ],
  fieldSelector: [
    'metadata.name=fuzz-1',
    'status.phase!=Running',
    'spec.x=1',
    '=',
    '__proto__=1',
    'a\\,b=c',
    'spec.nodeName=',
    'metadata.namespace=default,metadata.name!=x',
    'spec.nodeName==x,spec.nodeName=y',
    'a=b\\',
    'a=b\\x',
    ',,,',
    'metadata.name',
    'metadata.name='.repeat(500),
    'involvedObject.name=fuzz-1',
    'type!=Opaque',
    'status.phase=💥',
  ],
  resourceVersion: ['0', '1', '5', 'x', '-1', '99999999999', '1.5', '18446744073709551616', '', '00', '1e3'],
  resourceVersionMatch: ['Exact', 'NotOlderThan', 'x'],
  watch: ['1', 'true', 'false', 'x'],
  timeoutSeconds: ['1', '0', '-1', 'x', '99999999999', '0.5'],
  timeout: ['1s', '0', 'x', '-1h', '99999999h'],
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
  sinceSeconds: ['1', '-1', 'x', '999999999999999'],
  sinceTime: ['2026-01-01T00:00:00Z', 'x', '0000-00-00T00:00:00Z', '275761-01-01T00:00:00Z'],
  limitBytes: ['0', '1', '-1', 'x'],
  timestamps: ['true', 'x'],
  stream: ['Stdout', 'x'],
  previous: ['true', 'x'],
  follow: ['false', 'x'],
  verbose: ['', '1'],
  exclude: ['x'],
  command: ['ls'],
  '': [''],
  __proto__x: ['1'],
};

const queryNames = Object.keys(queryValues);

/** What follows on what the server has told, often: the rest is refused at once. */
function valueOf(random: Random, learned: Learned, name: string): string {
  if (name === 'continue' && random.oneIn(2)) return learned.continueToken(random);
  if (name === 'resourceVersion' && random.oneIn(2)) return learned.resourceVersion(random);
  return random.pick(queryValues[name] ?? ['']);
}

/** Parameters of a request, whether or not they suit it; empty for none. */
export function anyQuery(random: Random, learned: Learned): string {
  if (random.oneIn(2)) return '';
  if (random.oneIn(60)) return random.pick(['%', '&&&', '=&=', '%zz=1', 'a=%ff', 'watch', 'limit=1&limit=2']);
  const parts = random.some(4, () => {
    const name = random.pick(queryNames);
    return `${encodeURIComponent(name)}=${encodeURIComponent(valueOf(random, learned, name))}`;
  });
  const text = parts.join('&');
  // A watch without an end is one request for ever.
  return /(^|&)watch=/.test(text) ? `${text}&timeoutSeconds=1` : text;
}
