import type { KubeObject, JsonObject, ManagedFieldsEntry } from '../object.js';
import { membersOf } from '../object.js';
import { StatusError } from '../api/status-error.js';
import {
  changedFields,
  difference,
  emptySet,
  fieldsOf,
  fromFieldsV1,
  intersection,
  isEmpty,
  pathsOf,
  shapeOfType,
  toFieldsV1,
  union,
} from './field-set.js';
import type { FieldSet } from './field-set.js';
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

/**
 * The managed fields after a write that was no apply: what it changed is its manager's now, and nobody else's
 * (Kubernetes: server-side apply, field management).
 */
export function afterUpdate(
  type: string,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): readonly ManagedFieldsEntry[] {
  const shape = shapeOfType(type);
  const now = membersOf(after);
  const changed = prune(changedFields(before && membersOf(before), now, shape), unowned);
  const present = fieldsOf(now, shape);
  let isWritten = isEmpty(changed);
  const entries = ownersOf(before).flatMap(({ entry, fields }) => {
    const still = intersection(fields, presence(present, fields));
    if (isWriter(entry, writer, 'Update') && !isEmpty(changed)) {
      isWritten = true;
      return [entryOf(writer, 'Update', union(still, changed))];
    }
    const left = difference(still, changed);
    return isEmpty(left) ? [] : [{ ...entry, fieldsV1: toFieldsV1(left) }];
  });
  return isWritten ? entries : [...entries, entryOf(writer, 'Update', changed)];
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
  readonly merged: JsonObject;
  readonly managedFields: readonly ManagedFieldsEntry[];
}

/**
 * Applies a configuration (Kubernetes: server-side apply): its fields are set and become its manager's, fields that the
 * manager applied before and left out now go unless somebody else owns them.
 *
 * @throws StatusError 409 when others own fields that would change, unless `force`.
 */
export function applyConfiguration(
  type: string,
  live: KubeObject | undefined,
  configuration: JsonObject,
  writer: Writer,
  conflicts: 'refuse' | 'force',
): Applied {
  const shape = shapeOfType(type);
  const before = live ? membersOf(live) : {};
  const wanted = prune(fieldsOf(configuration, shape), unowned);
  const changed = live ? prune(changedFields(before, configuration, shape), unowned) : emptySet;
  const owners = ownersOf(live);
  const others = owners.filter(({ entry }) => !isWriter(entry, writer, 'Apply'));
  const taken = others.flatMap(({ entry, fields }) => {
    const both = intersection(fields, changed);
    return isEmpty(both) ? [] : [{ entry, paths: pathsOf(both) }];
  });
  if (conflicts === 'refuse' && taken.some(({ paths }) => paths.length > 0)) throw conflict(taken);

  const previous = owners.find(({ entry }) => isWriter(entry, writer, 'Apply'))?.fields ?? emptySet;
  const owned = others.reduce((all, { fields }) => union(all, fields), wanted);
  const dropped = difference(previous, owned);
  const merged = mergeConfiguration(before, configuration, shape);
  const left = isEmpty(dropped) ? merged : withoutFields(merged, dropped, shape);
  const kept = others.flatMap(({ entry, fields }) => {
    const still = conflicts === 'force' ? difference(fields, changed) : fields;
    return isEmpty(still) ? [] : [{ ...entry, fieldsV1: toFieldsV1(still) }];
  });
  const same = owners.find(({ entry }) => isWriter(entry, writer, 'Apply'));
  const mine = entryOf(writer, 'Apply', wanted);
  const isSame = same && JSON.stringify(same.entry.fieldsV1) === JSON.stringify(mine.fieldsV1);
  return {
    merged: left as JsonObject,
    managedFields: [isSame ? same.entry : mine, ...kept],
  };
}

function conflict(
  taken: readonly { readonly entry: ManagedFieldsEntry; readonly paths: readonly string[] }[],
): StatusError {
  const causes = taken.flatMap(({ entry, paths }) =>
    paths.map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${entry.manager}"${entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''}`,
      field,
    })),
  );
  const count = causes.length === 1 ? '1 conflict' : `${String(causes.length)} conflicts`;
  const [only] = causes;
  const text =
    causes.length === 1 && only
      ? `${only.message}: ${only.field}`
      : taken
          .map(({ paths }, index) => {
            const cause = causes.find(
              ({ field }) => field === paths[0] && taken[index]?.paths.includes(field),
            );
            return `${cause?.message ?? ''}:\n${paths.map((path) => `- ${path}`).join('\n')}`;
          })
          .join('\n');
  return new StatusError(409, 'Conflict', `Apply failed with ${count}: ${text}`, { causes });
}
