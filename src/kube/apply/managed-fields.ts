import type { KubeObject, JsonObject, ManagedFieldsEntry } from '../object.js';
import { StatusError } from '../api/status-error.js';
import {
  changedFields,
  belowOwned,
  difference,
  emptySet,
  fieldsOf,
  fromFieldsV1,
  intersection,
  isEmpty,
  pathsOf,
  toFieldsV1,
  union,
} from './field-set.js';
import type { FieldSet } from './field-set.js';
import type { Shape } from '../schema/index.js';
import { mergeConfiguration, withoutFields } from './merge.js';

/** Who writes, when, and on behalf of which subresource. */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource?: string;
}

/** Members that nobody owns: the server alone decides them, or they name the object. */
const unowned: FieldSet = fieldsTree({
  apiVersion: {},
  kind: {},
  metadata: {
    name: {},
    namespace: {},
    uid: {},
    resourceVersion: {},
    generation: {},
    creationTimestamp: {},
    deletionTimestamp: {},
    deletionGracePeriodSeconds: {},
    selfLink: {},
    managedFields: {},
    generateName: {},
  },
});

type Tree = { readonly [name: string]: Tree };

function fieldsTree(tree: Tree): FieldSet {
  const names = Object.entries(tree);
  return {
    isMember: names.length === 0,
    children: new Map(names.map(([name, child]) => [`f:${name}`, fieldsTree(child)])),
  };
}

/** Takes whole branches out: what is below an unowned member is unowned too. */
function prune(set: FieldSet, branches: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of set.children) {
    const branch = branches.children.get(name);
    if (branch?.isMember) continue;
    const left = branch ? prune(child, branch) : child;
    if (!isEmpty(left)) children.set(name, left);
  }
  return { isMember: set.isMember && set.children.size === 0, children };
}

interface Owner {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldSet;
}

const ownersOf = (object: KubeObject | undefined): readonly Owner[] =>
  (object?.metadata.managedFields ?? []).map((entry) => ({
    entry,
    // The object as a whole is nobody's, also where a manager owns nothing of it.
    fields: { ...fromFieldsV1(entry.fieldsV1), isMember: false },
  }));

const isWriter = (entry: ManagedFieldsEntry, writer: Writer, operation: 'Apply' | 'Update'): boolean =>
  entry.manager === writer.manager &&
  entry.operation === operation &&
  (entry.subresource ?? '') === (writer.subresource ?? '');

const entryOf = (writer: Writer, operation: 'Apply' | 'Update', fields: FieldSet): ManagedFieldsEntry => ({
  manager: writer.manager,
  operation,
  apiVersion: writer.apiVersion,
  time: writer.time,
  fieldsType: 'FieldsV1',
  fieldsV1: toFieldsV1(fields),
  ...(writer.subresource !== undefined && { subresource: writer.subresource }),
});

/** How one version of a kind sees the objects that are kept. */
export interface VersionView {
  readonly shape: Shape;
  /** An object of which nothing was said. */
  readonly empty: JsonObject;
  /** A kept object in this version. */
  readonly show: (kept: KubeObject) => JsonObject;
  /** An object of this version as it is kept. */
  readonly keep: (shown: JsonObject) => KubeObject;
}

/** The view of a version, e.g. `apps/v1`; undefined for one that is not served any more. */
export type Versions = (apiVersion: string) => VersionView | undefined;

/**
 * The managed fields after a write that was no apply: what it changed is its manager's now, and nobody else's
 * (Kubernetes: server-side apply, field management). Every manager's fields are compared in the version that it wrote in.
 *
 * @param before the object as it was kept, @param after as it is kept now.
 */
export function afterUpdate(
  versions: Versions,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): readonly ManagedFieldsEntry[] {
  const compared = comparison(versions, before, after);
  const changed = compared(writer.apiVersion)?.changed ?? emptySet;
  let isWritten = isEmpty(changed);
  const entries = ownersOf(before).flatMap(({ entry, fields }) => {
    const comparedThere = compared(entry.apiVersion);
    // Nobody can tell what a version that is gone would have called its fields.
    if (!comparedThere) return [];
    const still = intersection(fields, presence(comparedThere.present, fields));
    const isMine = isWriter(entry, writer, 'Update') && entry.apiVersion === writer.apiVersion;
    if (isMine && !isEmpty(changed)) {
      isWritten = true;
      return [entryOf(writer, 'Update', union(still, changed))];
    }
    const left = difference(still, comparedThere.changed);
    return isEmpty(left) ? [] : [{ ...entry, fieldsV1: toFieldsV1(left) }];
  });
  return inOrder(isWritten ? entries : [...entries, entryOf(writer, 'Update', changed)]);
}

/** Entries in the API server's order: applies before updates, then as old as they are, then by name. */
const inOrder = (entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] => {
  const keyOf = ({
    operation,
    time = '',
    manager,
    apiVersion,
    subresource = '',
  }: ManagedFieldsEntry): string => [operation, time, manager, apiVersion, subresource].join('\0');
  return [...entries].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};

interface Compared {
  readonly changed: FieldSet;
  readonly present: FieldSet;
}

/** What differs between two kept objects, in any version; worked out once for each. */
function comparison(
  versions: Versions,
  before: KubeObject | undefined,
  after: KubeObject,
): (apiVersion: string) => Compared | undefined {
  const known = new Map<string, Compared | undefined>();
  return (apiVersion) => {
    if (known.has(apiVersion)) return known.get(apiVersion);
    const view = versions(apiVersion);
    const made = view && compare(view, before, after);
    known.set(apiVersion, made);
    return made;
  };
}

function compare(
  { shape, show, empty }: VersionView,
  before: KubeObject | undefined,
  after: KubeObject,
): Compared {
  const now = show(after);
  return {
    changed: prune(changedFields(before ? show(before) : empty, now, shape), unowned),
    present: fieldsOf(now, shape),
  };
}

/** The part of a set that an object still has: a field that is there in whatever form counts. */
function presence(object: FieldSet, set: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of set.children) {
    const there = object.children.get(name);
    if (there) children.set(name, presence(there, child));
  }
  return { isMember: set.isMember, children };
}

/** What an apply makes of an object. */
export interface Applied {
  /** In the version of the configuration. */
  readonly merged: JsonObject;
  readonly managedFields: readonly ManagedFieldsEntry[];
}

/**
 * Applies a configuration (Kubernetes: server-side apply): its fields are set and become its manager's, fields that the
 * manager applied before and left out now go unless somebody else owns them.
 *
 * @param live the object as it is kept.
 * @throws StatusError 409 when others own fields that would change, unless `force`.
 */
export function applyConfiguration(
  versions: Versions,
  live: KubeObject | undefined,
  configuration: JsonObject,
  writer: Writer,
  conflicts: 'refuse' | 'force',
): Applied {
  const view = versions(writer.apiVersion);
  if (!view) throw new RangeError(`${writer.apiVersion} is not served`);
  const { shape } = view;
  const before = live ? view.show(live) : {};
  const wanted = prune(fieldsOf(configuration, shape), unowned);
  const merged = mergeConfiguration(before, configuration, shape) as JsonObject;
  const changed = live ? prune(changedFields(before, configuration, shape), unowned) : emptySet;
  const changedIn = changesIn(versions, view, live, merged);
  const owners = ownersOf(live);
  const others = owners.flatMap(({ entry, fields }) => {
    if (isWriter(entry, writer, 'Apply')) return [];
    const isHere = entry.apiVersion === writer.apiVersion;
    const there = isHere ? changed : changedIn(entry.apiVersion);
    return there ? [{ entry, fields, changed: there, isHere }] : [];
  });
  const taken = others.flatMap(({ entry, fields, changed: there }) => {
    const both = intersection(fields, there);
    return isEmpty(both) ? [] : [{ entry, paths: pathsOf(both) }];
  });
  if (conflicts === 'refuse' && taken.some(({ paths }) => paths.length > 0)) throw conflict(taken);

  const same = owners.find(({ entry }) => isWriter(entry, writer, 'Apply'));
  // What was applied in another version goes by other names there: it is left as it is.
  const previous = same?.entry.apiVersion === writer.apiVersion ? same.fields : emptySet;
  const owned = others.reduce((all, { fields, isHere }) => (isHere ? union(all, fields) : all), wanted);
  const dropped = belowOwned(difference(previous, owned), owned);
  const left = isEmpty(dropped) ? merged : withoutFields(merged, dropped, shape);
  const kept = others.flatMap(({ entry, fields, changed: there }) => {
    const still = conflicts === 'force' ? difference(fields, there) : fields;
    return isEmpty(still) ? [] : [{ ...entry, fieldsV1: toFieldsV1(still) }];
  });
  const mine = entryOf(writer, 'Apply', wanted);
  const isSame =
    same?.entry.apiVersion === mine.apiVersion &&
    JSON.stringify(same.entry.fieldsV1) === JSON.stringify(mine.fieldsV1);
  return {
    merged: left as JsonObject,
    managedFields: inOrder([isSame ? same.entry : mine, ...kept]),
  };
}

/** What a merged object changes of the live one, in any version. */
function changesIn(
  versions: Versions,
  { keep }: VersionView,
  live: KubeObject | undefined,
  merged: JsonObject,
): (apiVersion: string) => FieldSet | undefined {
  if (!live) return () => undefined;
  let compared: ReturnType<typeof comparison> | undefined;
  return (apiVersion) => {
    compared ??= comparison(versions, live, keep(merged));
    return compared(apiVersion)?.changed;
  };
}

interface Taken {
  readonly entry: ManagedFieldsEntry;
  readonly paths: readonly string[];
}

/** A manager as conflicts name it, e.g. `"kubectl-edit" with subresource "status" using apps/v1`. */
function managerText({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const part = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

function conflict(taken: readonly Taken[]): StatusError {
  const named = taken
    .map(({ entry, paths }) => ({ name: managerText(entry), paths }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const causes = named.flatMap(({ name, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${name}`, field })),
  );
  const [only] = causes;
  if (only && causes.length === 1) {
    const text = `Apply failed with 1 conflict: ${only.message}: ${only.field}`;
    return new StatusError(409, 'Conflict', text, { causes });
  }
  const lines = named
    .filter(({ paths }) => paths.length > 0)
    .flatMap(({ name, paths }) => [`conflicts with ${name}:`, ...paths.map((path) => `- ${path}`)]);
  const text = `Apply failed with ${String(causes.length)} conflicts: ${lines.join('\n')}`;
  return new StatusError(409, 'Conflict', text, { causes });
}
