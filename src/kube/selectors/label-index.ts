import type { Reader, Versioned } from '../../store/index.js';
import type { Stored } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { namespaceTerm } from '../resource-type.js';
import { compileLabelSelector, parseLabelSelector } from './label-selector.js';
import type { LabelMatcher, LabelSelector, Labels } from './label-selector.js';

/** Where labels and selectors meet: the objects of one namespace. */
type Place = Pick<Stored, 'cluster' | 'object'>;

const scopeOf = ({ cluster, object }: Place): string =>
  namespaceTerm(cluster, object.metadata.namespace ?? '');
const labelTerm = (scope: string, key: string, value: string): string => `${scope}|${key}=${value}`;
/** Selectors that ask for no label's value are looked at for every object. */
const anyTerm = (scope: string): string => `${scope}|*`;

/** Terms of an index `byLabel`: one for each label of an object. */
export const labelTerms = (stored: Place): readonly string[] => {
  const { labels } = stored.object.metadata;
  const terms: string[] = [];
  if (!labels) return terms;
  const scope = scopeOf(stored);
  for (const key in labels) terms.push(labelTerm(scope, key, labels[key] ?? ''));
  return terms;
};

/** The term of an index `bySelector`: a label's value without which an object is not selected. */
export function selectorTerm(stored: Place, selector: LabelSelector | undefined): string | undefined {
  if (!selector) return undefined;
  const [first] = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const scope = scopeOf(stored);
  return first ? labelTerm(scope, ...first) : anyTerm(scope);
}

/** The objects of a kind, which has an index `byLabel`, that a selector of their namespace selects; in order of name. */
export function selectedBy(
  reader: Reader,
  type: ResourceType,
  place: { readonly cluster: string; readonly namespace: string },
  selector: LabelSelector | undefined,
): readonly Versioned<Stored>[] {
  if (!selector) return [];
  const pairs = Object.entries(selector.matchLabels ?? {});
  return matching(reader, type, place, pairs, compileLabelSelector(selector));
}

/** As `selectedBy`, for a selector as a query's text. @throws StatusError 400 */
export function selectedByText(
  reader: Reader,
  type: ResourceType,
  place: { readonly cluster: string; readonly namespace: string },
  text: string,
): readonly Versioned<Stored>[] {
  const pairs = text.includes('(')
    ? []
    : text.split(',').flatMap((part): (readonly [string, string])[] => {
        const [, key, value] = /^([^=!<>]+)==?([^=]*)$/.exec(part.trim()) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value]];
      });
  return matching(reader, type, place, pairs, parseLabelSelector(text));
}

/** The objects that match, looked for among those with the rarest of the labels they have to have. */
function matching(
  reader: Reader,
  type: ResourceType,
  place: { readonly cluster: string; readonly namespace: string },
  pairs: readonly (readonly [key: string, value: string])[],
  matches: LabelMatcher,
): readonly Versioned<Stored>[] {
  const scope = namespaceTerm(place.cluster, place.namespace);
  let [index, term, fewest] = ['byNamespace', scope, Infinity];
  for (const [key, value] of pairs) {
    const candidate = labelTerm(scope, key, value);
    const count = reader.count(type.collection, 'byLabel', candidate);
    if (count < fewest) [index, term, fewest] = ['byLabel', candidate, count];
  }
  return reader
    .findEntries(type.collection, index, term)
    .filter(({ value }) => matches(value.object.metadata.labels ?? {}));
}

/** The objects of a kind, which has an index `bySelector`, whose selector may select labels: to be tried one by one. */
export function mayBeSelecting(
  reader: Reader,
  type: ResourceType,
  place: { readonly cluster: string; readonly namespace: string },
  labels: Labels,
): readonly Versioned<Stored>[] {
  const scope = namespaceTerm(place.cluster, place.namespace);
  const terms = [
    ...Object.entries(labels).map(([key, value]) => labelTerm(scope, key, value)),
    anyTerm(scope),
  ];
  return terms.flatMap((term) =>
    reader.count(type.collection, 'bySelector', term) === 0
      ? []
      : reader.findEntries(type.collection, 'bySelector', term),
  );
}
