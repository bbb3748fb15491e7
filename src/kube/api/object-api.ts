import type { Revision, Store, Transaction, Versioned } from '../../store/index.js';
import { afterUpdate, applyConfiguration } from '../apply/index.js';
import type { VersionView, Versions, Writer } from '../apply/index.js';
import { toKubeTime } from '../kube-time.js';
import type { JsonObject, KubeObject, ObjectMeta, Stored } from '../object.js';
import { isObject, membersOf } from '../object.js';
import { applyJsonPatch, applyMergePatch, applyStrategicMerge } from '../patch/index.js';
import { apiVersionOf, inVersion, objectKey } from '../resource-type.js';
import type { Draft, ResourceType } from '../resource-type.js';
import type { User } from '../user.js';
import type { WebhookReplies } from '../webhooks/index.js';
import { ownRequester } from './context.js';
import type { Scope, WriteContext } from './context.js';
import { configurationOf, withManagedFields } from './managed-fields.js';
import { compileSelection, entriesIn, entryOf, presented, shown } from './reads.js';
import type { Selection } from './reads.js';
import { readAsKind, readConfiguration, unreadablePatch } from './read-body.js';
import type { BodyOptions, Patch, PatchType, ReadBody, Refuse } from './read-body.js';
import { replicasAlone, replicasOf, scaleKind, scaleOf, withScale } from './scale.js';
import { StatusError } from './status-error.js';
import { deleteObject, insertObject, replaceObject, subresourceOf } from './writes.js';
import type { Part, Propagation } from './writes.js';

/** How a write was asked for. */
export interface WriteOptions extends BodyOptions {
  /** Everything is checked and answered, nothing is kept. */
  readonly dryRun: boolean;
  /** What writes: the fields that change become this manager's. Without one nobody is noted. */
  readonly manager?: string;
  /** Who writes; the control plane itself, if absent. */
  readonly user?: User;
  /** Replies of webhooks outside of the cluster; without them none is reached. */
  readonly webhooks?: WebhookReplies;
}

/** How an apply was asked for. */
export interface ApplyOptions extends WriteOptions {
  readonly manager: string;
  readonly conflicts: 'refuse' | 'force';
}

/** How a deletion was asked for. */
export type DeletionRequest = Pick<WriteOptions, 'dryRun' | 'user' | 'webhooks'>;

/** The outcome of a write, and what the client should be warned of. */
export interface Written {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** Options of a deletion (meta/v1 DeleteOptions). */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: Propagation;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Ends a transaction of a dry run: nothing of it is kept. */
class DryRun extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('dry run');
    this.result = result;
  }
}

/** The verbs of the Kubernetes API on objects of any kind. Bodies are JSON values as clients sent them. */
export class ObjectApi {
  readonly #store: Store;
  readonly #context: WriteContext;

  constructor(init: { store: Store; context: WriteContext }) {
    this.#store = init.store;
    this.#context = init.context;
  }

  /** @throws StatusError 404 */
  get(type: ResourceType, scope: Scope, name: string): KubeObject {
    const { value, revision } = entryOf(this.#store, type, scope, name);
    const view = { reader: this.#store, now: this.#context.clock.now() };
    return shown(type, presented(type, value, view), revision);
  }

  /** Makes an object of a body. @throws StatusError 400, 403, 404, 409, 422 */
  create(type: ResourceType, scope: Scope, body: unknown, options: WriteOptions): Written {
    const { draft, warnings } = this.#read(type, body, options);
    const metadata = (draft['metadata'] ?? {}) as Partial<ObjectMeta>;
    checkPlace(type, scope, metadata);
    if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== '') {
      throw StatusError.badRequest('resourceVersion should not be set on objects to be created');
    }
    if (!metadata.name && !metadata.generateName) {
      throw StatusError.invalid(type, '', [
        { type: 'required', field: 'metadata.name', detail: 'name or generateName is required' },
      ]);
    }
    const warned = [...warnings];
    const context = this.#contextOf(options, warned);
    const object = this.#transact(options, (tx) => {
      const { manager } = options;
      const managed =
        manager === undefined
          ? undefined
          : (sent: KubeObject) =>
              afterUpdate(
                this.#versions(type, scope.cluster),
                undefined,
                sent,
                this.#writer(type, manager, undefined),
              );
      return shown(type, insertObject(context, tx, type, scope, draft, managed), next(tx));
    });
    return { object, warnings: [...warned, ...warningsOf(type, object, undefined, 'object')] };
  }

  /** Replaces an object, or its status, by a body. @throws StatusError 400, 404, 409, 422 */
  replace(
    type: ResourceType,
    scope: Scope,
    name: string,
    body: unknown,
    part: Part,
    options: WriteOptions,
  ): Written {
    const { draft, warnings } = this.#read(type, body, options);
    const metadata = (draft['metadata'] ?? {}) as Partial<ObjectMeta>;
    checkPlace(type, scope, metadata);
    checkName(metadata, name);
    const warned = [...warnings];
    const context = this.#contextOf(options, warned);
    return this.#transact(options, (tx) => {
      const entry = entryOf(tx, type, scope, name);
      checkVersion(type, entry, metadata);
      checkIdentity(type, entry, metadata);
      const object = this.#write(context, tx, type, entry, draft, part, options.manager);
      return { object, warnings: [...warned, ...warningsOf(type, object, entry.value.object, part)] };
    });
  }

  /** Changes an object by a patch. @throws StatusError 400, 404, 409, 415, 422 */
  patch(
    type: ResourceType,
    scope: Scope,
    name: string,
    patch: Patch,
    part: Part,
    options: WriteOptions,
  ): Written {
    const warned: string[] = [];
    const context = this.#contextOf(options, warned);
    return this.#transact(options, (tx) => {
      const entry = entryOf(tx, type, scope, name);
      const before = membersOf(shown(type, entry.value.object, entry.revision));
      const patched = patchedBy(type, before, patch.type, patch.body);
      const refuse = unreadablePatch(patch, patched);
      const { draft, warnings } = this.#read(type, patched, options, refuse);
      const metadata = (draft['metadata'] ?? {}) as Partial<ObjectMeta>;
      checkPlace(type, scope, metadata);
      checkName(metadata, name);
      checkVersion(type, entry, metadata);
      const object = this.#write(context, tx, type, entry, draft, part, options.manager);
      const told = [...warnings, ...warned, ...warningsOf(type, object, entry.value.object, part)];
      return { object, warnings: told };
    });
  }

  /**
   * Applies a configuration to an object, which is made when there is none (Kubernetes: server-side apply).
   *
   * @throws StatusError 400, 403, 409 when others own what would change, 422
   */
  apply(
    type: ResourceType,
    scope: Scope,
    name: string,
    body: unknown,
    part: Part,
    options: ApplyOptions,
  ): Written & { readonly isNew: boolean } {
    const { draft, warnings } = readConfiguration(type, body, options);
    const metadata = (draft['metadata'] ?? {}) as Partial<ObjectMeta>;
    checkPlace(type, scope, metadata);
    checkName({ ...metadata, name: metadata.name ?? name }, name);
    if (metadata.managedFields !== undefined)
      throw StatusError.badRequest('metadata.managedFields must be nil');
    const configuration = configurationOf(type, draft, name, part);
    return this.#apply(type, scope, name, configuration, part, options, warnings);
  }

  /** Applies a Scale: its replicas become the manager's. @throws StatusError as `apply` does, 404 */
  applyScale(type: ResourceType, scope: Scope, name: string, body: unknown, options: ApplyOptions): Written {
    entryOf(this.#store, type, scope, name);
    const { draft, warnings } = readConfiguration(scaleKind, body, options);
    const metadata = (draft['metadata'] ?? {}) as Partial<ObjectMeta>;
    checkName({ ...metadata, name: metadata.name ?? name }, name);
    const { apiVersion, kind } = { apiVersion: apiVersionOf(type), kind: type.kind };
    const replicas = replicasAlone(type, replicasOf(draft));
    const configuration = { apiVersion, kind, metadata: { ...metadata, name }, ...replicas };
    const { object, warnings: told } = this.#apply(
      type,
      scope,
      name,
      configuration,
      'object',
      options,
      warnings,
      'scale',
    );
    return { object: scaleOf(type, object), warnings: told };
  }

  #apply(
    type: ResourceType,
    scope: Scope,
    name: string,
    configuration: JsonObject,
    part: Part,
    options: ApplyOptions,
    warnings: readonly string[],
    subresource = subresourceOf(part),
  ): Written & { readonly isNew: boolean } {
    const { metadata } = configuration as { readonly metadata: Partial<ObjectMeta> };
    const warned = [...warnings];
    const context = this.#contextOf(options, warned);
    return this.#transact(options, (tx) => {
      const entry = tx.entry(type.collection, objectKey(scope.cluster, scope.namespace, name));
      if (entry) checkVersion(type, entry, metadata);
      const writer = this.#writer(type, options.manager, subresource);
      const live = entry?.value.object;
      const versions = this.#versions(type, scope.cluster);
      const applied = applyConfiguration(versions, live, configuration, writer, options.conflicts);
      const made = structuredClone(type.schema.read(applied.merged).value);
      made['metadata'] = { ...(made['metadata'] as object), managedFields: applied.managedFields };
      if (!entry) {
        const object = insertObject(context, tx, type, scope, made);
        const told = [...warned, ...warningsOf(type, object, undefined, part)];
        return { object: shown(type, object, next(tx)), warnings: told, isNew: true };
      }
      const before = entry.value.object;
      const replaced = replaceObject(context, tx, type, entry, made, part, subresource);
      const revision = replaced === before ? entry.revision : next(tx);
      const object = replaced ?? before;
      const told = [...warned, ...warningsOf(type, object, before, part)];
      return { object: shown(type, object, revision), warnings: told, isNew: false };
    });
  }

  /** Sets the replicas of an object by the body of its scale. @throws StatusError 400, 404, 409, 422 */
  replaceScale(
    type: ResourceType,
    scope: Scope,
    name: string,
    makeScale: (scale: KubeObject) => unknown,
    options: WriteOptions,
  ): KubeObject {
    const context = this.#contextOf(options, []);
    return this.#transact(options, (tx) => {
      const entry = entryOf(tx, type, scope, name);
      const body = makeScale(scaleOf(type, shown(type, entry.value.object, entry.revision)));
      const { draft: scale } = readAsKind(scaleKind, body, options, this.#context.kinds.builtIn);
      const metadata = (scale['metadata'] ?? {}) as Partial<ObjectMeta>;
      checkPlace(type, scope, metadata);
      checkName(metadata, name);
      checkVersion(type, entry, metadata);
      const draft = withScale(type, inVersion(type, entry.value.object), replicasOf(scale));
      return scaleOf(type, this.#write(context, tx, type, entry, draft, 'object', options.manager, 'scale'));
    });
  }

  /**
   * Deletes an object.
   *
   * @returns the object where it goes on for a while, undefined once it is gone, with what it was.
   * @throws StatusError 404, 409 when the preconditions don't hold
   */
  delete(
    type: ResourceType,
    scope: Scope,
    name: string,
    deletion: DeleteOptions,
    options: DeletionRequest,
  ): {
    readonly remaining: KubeObject | undefined;
    readonly was: KubeObject;
    readonly warnings: readonly string[];
  } {
    const warnings: string[] = [];
    const context = this.#contextOf(options, warnings);
    return this.#transact(options, (tx) => {
      const entry = entryOf(tx, type, scope, name);
      checkPreconditions(type, entry, deletion.preconditions);
      const remaining = removeOne(context, tx, type, entry, deletion);
      return {
        warnings,
        remaining:
          remaining && shown(type, remaining, remaining === entry.value.object ? entry.revision : next(tx)),
        was: shown(type, entry.value.object, entry.revision),
      };
    });
  }

  /** Deletes all objects of a selection; they are returned as they were. @throws StatusError 400 */
  deleteCollection(
    type: ResourceType,
    scope: Scope,
    selection: Selection,
    deletion: DeleteOptions,
    options: DeletionRequest,
  ): readonly KubeObject[] {
    const matches = compileSelection(type, selection);
    const context = this.#contextOf(options, []);
    return this.#transact(options, (tx) => {
      const entries = entriesIn(tx, type, scope).filter(({ value }) => !matches || matches(value.object));
      for (const entry of entries) checkPreconditions(type, entry, deletion.preconditions);
      for (const entry of entries) removeOne(context, tx, type, entry, deletion);
      return entries.map(({ value, revision }) => shown(type, value.object, revision));
    });
  }

  /** Makes changes that are no plain write of one object, as one request. @throws StatusError */
  act<R>(
    options: DeletionRequest,
    work: (context: WriteContext, tx: Transaction) => R,
  ): { readonly result: R; readonly warnings: readonly string[] } {
    const warnings: string[] = [];
    const context = this.#contextOf(options, warnings);
    return { result: this.#transact(options, (tx) => work(context, tx)), warnings };
  }

  /** The context of one request: for whom it is, and where its warnings go. */
  #contextOf(
    { user = ownRequester.user, dryRun, webhooks = ownRequester.webhooks }: DeletionRequest,
    warnings: string[],
  ): WriteContext {
    const warn = (text: string) => {
      if (!warnings.includes(text)) warnings.push(text);
    };
    return { ...this.#context, requester: { user, dryRun, warn, webhooks } };
  }

  #write(
    context: WriteContext,
    tx: Transaction,
    type: ResourceType,
    entry: Versioned<Stored>,
    draft: Draft,
    part: Part,
    manager?: string,
    subresource = subresourceOf(part),
  ): KubeObject {
    const { cluster, object: before } = entry.value;
    const managed = withManagedFields(draft, before, part);
    const object = replaceObject(context, tx, type, entry, managed, part, subresource);
    if (object === before) return shown(type, object, entry.revision);
    if (!object) return shown(type, before, next(tx));
    const { namespace } = object.metadata;
    const scope = { cluster, ...(namespace !== undefined && { namespace }) };
    const { managedFields } = object.metadata;
    const owned = { ...before, metadata: { ...before.metadata, managedFields: managedFields ?? [] } };
    return shown(type, this.#noteUpdate(tx, type, scope, owned, object, manager, subresource), next(tx));
  }

  /** Notes whose the fields are that a write has changed. */
  #noteUpdate(
    tx: Transaction,
    type: ResourceType,
    scope: Scope,
    before: KubeObject,
    object: KubeObject,
    manager: string | undefined,
    subresource?: string,
  ): KubeObject {
    if (manager === undefined) return object;
    const writer = this.#writer(type, manager, subresource);
    const managedFields = afterUpdate(this.#versions(type, scope.cluster), before, object, writer);
    const key = objectKey(scope.cluster, scope.namespace, object.metadata.name);
    const stored = tx.get(type.collection, key);
    const noted = { ...object, metadata: { ...object.metadata, managedFields } };
    if (stored) tx.put(type.collection, key, { ...stored, object: noted });
    return noted;
  }

  /** How the versions of a kind see its objects. */
  #versions(type: ResourceType, cluster: string): Versions {
    return (apiVersion) => {
      if (apiVersion === apiVersionOf(type)) return viewOf(type);
      const other = this.#context.kinds.of(cluster).ofKind(apiVersion, type.kind);
      return other?.collection.name === type.collection.name ? viewOf(other) : undefined;
    };
  }

  #writer(type: ResourceType, manager: string, subresource: string | undefined): Writer {
    return {
      manager,
      apiVersion: apiVersionOf(type),
      time: toKubeTime(this.#context.clock.now()),
      ...(subresource !== undefined && { subresource }),
    };
  }

  #read(type: ResourceType, body: unknown, options: WriteOptions, refuse?: Refuse): ReadBody {
    return readAsKind(type, body, options, this.#context.kinds.builtIn, refuse);
  }

  #transact<R>({ dryRun }: Pick<WriteOptions, 'dryRun'>, work: (tx: Transaction) => R): R {
    if (!dryRun) return this.#store.transact(work);
    try {
      return this.#store.transact((tx) => {
        throw new DryRun(work(tx));
      });
    } catch (error) {
      if (error instanceof DryRun) return error.result as R;
      throw error;
    }
  }
}

function removeOne(
  context: WriteContext,
  tx: Transaction,
  type: ResourceType,
  entry: Versioned<Stored>,
  { gracePeriodSeconds, propagationPolicy = 'Background' }: DeleteOptions,
): KubeObject | undefined {
  return deleteObject(context, tx, type, entry, {
    propagation: propagationPolicy,
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
  });
}

/** What a client is told about an object it has written. */
const warningsOf = (
  type: ResourceType,
  object: KubeObject,
  before: KubeObject | undefined,
  part: Part,
): readonly string[] => (part === 'object' ? type.warnings(object, before) : []);

const next = (tx: Transaction): Revision => (tx.revision + 1) as Revision;

/** A version of a kind, as fields are compared in it. */
const viewOf = (type: ResourceType): VersionView => ({
  shape: type.schema.shape,
  empty: type.schema.empty,
  show: (kept) => membersOf(inVersion(type, kept)),
  keep: (object) => (type.toStored?.(structuredClone(object) as Draft) ?? object) as unknown as KubeObject,
});

/** The value that a patch makes of an object. @throws StatusError 400, 415, 422 */
export function patchedBy(
  type: Pick<ResourceType, 'schema'>,
  before: JsonObject,
  patchType: PatchType,
  body: unknown,
): unknown {
  if (patchType === 'json') return applyJsonPatch(before, body);
  if (!isObject(body)) {
    const what = Array.isArray(body) ? 'array' : typeof body;
    throw StatusError.badRequest(
      `error decoding patch: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
    );
  }
  if (patchType === 'merge') return applyMergePatch(before, body);
  if (type.schema.source !== 'client') {
    throw StatusError.unsupportedMediaType([
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ]);
  }
  return applyStrategicMerge(type.schema.type, before, body);
}

function checkPlace(type: ResourceType, { namespace }: Scope, metadata: Partial<ObjectMeta>): void {
  if (!type.namespaced || metadata.namespace === undefined || metadata.namespace === '') return;
  if (metadata.namespace === namespace) return;
  throw StatusError.badRequest(
    'the namespace of the provided object does not match the namespace sent on the request',
  );
}

function checkName(metadata: Partial<ObjectMeta>, name: string): void {
  if (metadata.name === name) return;
  throw StatusError.badRequest(
    metadata.name === undefined || metadata.name === ''
      ? `the name of the object (${name} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
  );
}

/** A write names the version it was made from, or none. */
function checkVersion(
  type: ResourceType,
  entry: Versioned<Stored>,
  { resourceVersion }: Partial<ObjectMeta>,
): void {
  if (resourceVersion === undefined || resourceVersion === '') return;
  if (!/^\d+$/.test(resourceVersion))
    throw StatusError.internal(
      `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  if (resourceVersion === String(entry.revision)) return;
  throw StatusError.modified(type, entry.value.object.metadata.name);
}

/** An object that replaces another one of its name names that one, or none. @throws StatusError 409 */
function checkIdentity(type: ResourceType, entry: Versioned<Stored>, { uid }: Partial<ObjectMeta>): void {
  const { name, namespace, uid: present } = entry.value.object.metadata;
  if (uid === undefined || uid === '' || uid === present) return;
  const key = ['/registry', registryPath(type), namespace, name]
    .filter((part) => part !== undefined)
    .join('/');
  throw StatusError.conflict(
    type,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${present}`,
  );
}

/** Where the API server keeps a kind: groups of its own that end in its domain, and a few kinds, go by other words. */
const registryPath = ({ group, plural }: ResourceType): string =>
  group === '' || !group.includes('.') || group.endsWith('.k8s.io') ? plural : `${group}/${plural}`;

/** A deletion may say which object it is for. @throws StatusError 409 */
export function checkPreconditions(
  type: ResourceType,
  entry: Versioned<Stored>,
  preconditions: DeleteOptions['preconditions'],
): void {
  const { uid, name } = entry.value.object.metadata;
  const refuse = (member: string, wanted: string, present: string, why: string) =>
    StatusError.conflict(
      { group: type.group, plural: type.kind },
      name,
      `the ${member} in the precondition (${wanted}) does not match the ${member} in record (${present}). The object might have been ${why}`,
    );
  if (preconditions?.uid !== undefined && preconditions.uid !== uid)
    throw refuse('UID', preconditions.uid, uid, 'deleted and then recreated');
  const { resourceVersion } = preconditions ?? {};
  if (resourceVersion !== undefined && resourceVersion !== String(entry.revision)) {
    throw refuse('ResourceVersion', resourceVersion, String(entry.revision), 'modified');
  }
}
