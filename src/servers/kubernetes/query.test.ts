import { describe, expect, test } from 'vitest';
import { StatusError } from '../../kube/index.js';
import {
  applyOptions,
  deleteOptions,
  includeObject,
  listQuery,
  refuseForce,
  watchQuery,
  writeOptions,
} from './query.js';

/** What a look at options answers, or is refused with. */
function answer(look: () => unknown): unknown {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return `${String(error.code)} ${error.message}`;
  }
}
const query = (text: string) => new URLSearchParams(text);
const long = 'm'.repeat(129);

describe('options of writes', () => {
  const of = (kind: string, why: string) => `422 ${kind}.meta.k8s.io "" is invalid: ${why}`;
  test.each([
    ['dryRun=Some', 'dryRun: Unsupported value: ["Some"]: supported values: "All"'],
    ['dryRun=', 'dryRun: Unsupported value: [""]: supported values: "All"'],
    [
      'fieldValidation=x',
      'fieldValidation: Unsupported value: "x": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [`fieldManager=${long}`, 'fieldManager: Too long: may not be more than 128 bytes'],
    ['fieldManager=a%0Ab', 'fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1)'],
    [
      `fieldManager=${long}&dryRun=x`,
      '[fieldManager: Too long: may not be more than 128 bytes, dryRun: Unsupported value: ["x"]: supported values: "All"]',
    ],
  ])('%s', (text, why) => {
    for (const kind of ['CreateOptions', 'UpdateOptions', 'PatchOptions'] as const)
      expect(answer(() => writeOptions(kind, query(text)))).toBe(of(kind, why));
  });
  test.each([
    ['', { dryRun: false, fieldValidation: 'Warn', manager: 'kubectl' }],
    ['fieldValidation=', { dryRun: false, fieldValidation: 'Warn', manager: 'kubectl' }],
    [
      'dryRun=All&dryRun=All&fieldManager=é&fieldValidation=Strict',
      { dryRun: true, fieldValidation: 'Strict', manager: 'é' },
    ],
  ])('%j is taken', (text, options) => {
    expect(writeOptions('CreateOptions', query(text), 'kubectl/v1.34.0')).toEqual(options);
  });
  test('only an apply is forced, and names its manager', () => {
    expect(answer(() => refuseForce(query('force=false')))).toBe(
      of('PatchOptions', 'force: Forbidden: may not be specified for non-apply patch'),
    );
    expect(answer(() => applyOptions(query('')))).toBe(
      of('PatchOptions', 'fieldManager: Required value: is required for apply patch'),
    );
    expect(applyOptions(query('fieldManager=a&force=true'))).toBe('force');
    expect(applyOptions(query('fieldManager=a&force=false'))).toBe('refuse');
  });
});

describe('options of a deletion', () => {
  const of = (why: string) => `422 DeleteOptions.meta.k8s.io "" is invalid: ${why}`;
  test.each<[text: string, body: unknown, answered: unknown]>([
    ['', undefined, { dryRun: false }],
    ['gracePeriodSeconds=-1', undefined, { dryRun: false, gracePeriodSeconds: 1 }],
    ['orphanDependents=true', undefined, { dryRun: false, propagationPolicy: 'Orphan' }],
    // A body alone counts where there is one.
    ['dryRun=All&propagationPolicy=X', { gracePeriodSeconds: 5 }, { dryRun: false, gracePeriodSeconds: 5 }],
    ['gracePeriodSeconds=x', undefined, '400 strconv.ParseInt: parsing "x": invalid syntax'],
    [
      'propagationPolicy=X',
      undefined,
      of(
        'propagationPolicy: Unsupported value: "X": supported values: "Foreground", "Background", "Orphan", "nil"',
      ),
    ],
    [
      '',
      { propagationPolicy: 'Orphan', orphanDependents: true },
      of(
        'propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
      ),
    ],
    ['', { dryRun: ['Some'] }, of('dryRun: Unsupported value: ["Some"]: supported values: "All"')],
    [
      '',
      { kind: 'ConfigMap', apiVersion: 'v1' },
      '500 no kind "ConfigMap" is registered for version "v1" in scheme "pkg/runtime/scheme.go:110"',
    ],
    [
      '',
      { gracePeriodSeconds: 'x' },
      '500 json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    ],
  ])('%s %j', (text, body, answered) => {
    expect(answer(() => deleteOptions(query(text), body))).toEqual(answered);
  });
});

describe('options of lists and watches', () => {
  const of = (why: string) => `422 ListOptions.meta.k8s.io "" is invalid: ${why}`;
  const match = 'resourceVersionMatch: Forbidden:';
  test.each([
    [
      'resourceVersionMatch=Exact',
      of(`${match} resourceVersionMatch is forbidden unless resourceVersion is provided`),
    ],
    [
      'resourceVersion=0&resourceVersionMatch=Exact',
      of(`${match} resourceVersionMatch "exact" is forbidden for resourceVersion "0"`),
    ],
    [
      'resourceVersion=1&resourceVersionMatch=x',
      of('resourceVersionMatch: Unsupported value: "x": supported values: "Exact", "NotOlderThan", ""'),
    ],
    [
      'resourceVersion=1&resourceVersionMatch=Exact&continue=a',
      of(`${match} resourceVersionMatch is forbidden when continue is provided`),
    ],
    ['sendInitialEvents=true', of('sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list')],
    ['limit=1.5', '400 strconv.ParseInt: parsing "1.5": invalid syntax'],
    ['timeoutSeconds=x', '400 strconv.ParseInt: parsing "x": invalid syntax'],
  ])('a list by %s', (text, refusal) => {
    expect(answer(() => listQuery(query(text)))).toBe(refusal);
  });
  test.each([
    [
      'sendInitialEvents=true',
      of(`${match} sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`),
    ],
    [
      'resourceVersionMatch=NotOlderThan',
      of(`${match} resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided`),
    ],
    ['continue=a', of(`${match} resourceVersionMatch is forbidden when continue is provided`)],
  ])('a watch by %s', (text, refusal) => {
    expect(answer(() => watchQuery(query(text)))).toBe(refusal);
  });
  test('what rows carry', () => {
    expect(includeObject(query('includeObject=None'))).toBe('None');
    expect(answer(() => includeObject(query('includeObject=x')))).toBe(
      `400 Unable to convert to Table as requested: includeObject: Invalid value: "x": must be 'Metadata', 'Object', 'None', or empty`,
    );
  });
});

test.each([
  ['a policy that there is not', { propagationPolicy: 'Sideways' }, 422],
  ['a policy that is no text', { propagationPolicy: { toString: 1 } }, 500],
  ['a dry run that there is not', { dryRun: ['Some'] }, 422],
  ['a dry run that is no text', { dryRun: [{ toString: 1 }] }, 500],
])('a deletion with %s is refused', (_, body, code) => {
  expect(() => deleteOptions(query(''), body)).toThrow(expect.objectContaining({ code }));
});
