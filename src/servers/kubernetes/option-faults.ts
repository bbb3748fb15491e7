import { StatusError, forbiddenField, invalid, notSupported } from '../../kube/index.js';
import type { FieldError } from '../../kube/index.js';

/** Refuses options that have faults, which are those of an object of their own kind. @throws StatusError 422 */
export function refuseOptions(kind: string, faults: readonly FieldError[]): void {
  if (faults.length > 0) throw StatusError.invalid({ group: 'meta.k8s.io', kind }, '', faults);
}

const longestManager = 128;

/** What is wrong with the options of a create, an update or a patch. */
export const writeFaults = (query: URLSearchParams): readonly FieldError[] => [
  ...managerFaults(query.get('fieldManager') ?? ''),
  ...dryRunFaults(query.getAll('dryRun')),
  ...validationFaults(query.get('fieldValidation') ?? ''),
];

function managerFaults(manager: string): readonly FieldError[] {
  const tooLong: FieldError = {
    type: 'tooLong',
    field: 'fieldManager',
    detail: `may not be more than ${String(longestManager)} bytes`,
  };
  const faults = Buffer.byteLength(manager) > longestManager ? [tooLong] : [];
  let at = 0;
  for (const character of manager) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) {
      const point = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      faults.push(
        invalid('fieldManager', manager, `invalid character U+${point} (at position ${String(at)})`),
      );
    }
    at += Buffer.byteLength(character);
  }
  return faults;
}

const dryRunFaults = (values: readonly string[]): readonly FieldError[] =>
  values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])];

const validations = ['', 'Ignore', 'Strict', 'Warn'];
const validationFaults = (value: string): readonly FieldError[] =>
  validations.includes(value) ? [] : [notSupported('fieldValidation', value, validations)];

const propagations = ['Foreground', 'Background', 'Orphan'];

/** What is wrong with the options of a deletion. */
export function deletionFaults(asked: {
  readonly orphans: boolean | undefined;
  readonly policy: string | undefined;
  readonly dryRun: readonly string[];
}): readonly FieldError[] {
  const { orphans, policy, dryRun } = asked;
  const both = 'orphanDependents and deletionPropagation cannot be both set';
  return [
    ...(orphans !== undefined && policy !== undefined ? [invalid('propagationPolicy', policy, both)] : []),
    ...(policy !== undefined && !propagations.includes(policy)
      ? [notSupported('propagationPolicy', policy, [...propagations, 'nil'])]
      : []),
    ...dryRunFaults(dryRun),
  ];
}

const match = 'resourceVersionMatch';

/** What is wrong with the options of a list. */
export function listFaults(query: URLSearchParams): readonly FieldError[] {
  const [asked, version, token] = [match, 'resourceVersion', 'continue'].map((name) => query.get(name) ?? '');
  const faults: FieldError[] = [];
  if (asked !== '' && asked !== undefined) {
    if (version === '')
      faults.push(forbiddenField(match, `${match} is forbidden unless resourceVersion is provided`));
    if (token !== '') faults.push(forbiddenField(match, `${match} is forbidden when continue is provided`));
    const known = ['Exact', 'NotOlderThan', ''];
    if (!known.includes(asked)) faults.push(notSupported(match, asked, known));
    if (asked === 'Exact' && version === '0')
      faults.push(forbiddenField(match, `${match} "exact" is forbidden for resourceVersion "0"`));
  }
  if (query.has('sendInitialEvents'))
    faults.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return faults;
}

/** What is wrong with the options of a watch. */
export function watchFaults(query: URLSearchParams): readonly FieldError[] {
  const asked = query.get(match) ?? '';
  const isInitial = query.has('sendInitialEvents');
  const faults: FieldError[] = [];
  if (isInitial && asked !== 'NotOlderThan')
    faults.push(forbiddenField(match, `sendInitialEvents requires setting ${match} to NotOlderThan`));
  if (asked !== '') {
    if (!isInitial)
      faults.push(
        forbiddenField(match, `${match} is forbidden for watch unless sendInitialEvents is provided`),
      );
    if (asked !== 'NotOlderThan') faults.push(notSupported(match, asked, ['NotOlderThan']));
  }
  if ((query.get('continue') ?? '') !== '')
    faults.push(forbiddenField(match, `${match} is forbidden when continue is provided`));
  return faults;
}
