import { errorText } from '../api/field-error.js';
import { applyMergePatch } from '../patch/index.js';
import type { KubeObject } from '../object.js';
import type { Draft, ResourceType } from '../resource-type.js';

/** A part of a body: merged into the sound one as a merge patch, where null takes a member away. */
export type Change = Readonly<Record<string, unknown>>;

/** A body as a kind keeps it: read by its schema, completed, and with what the server decides. */
export function completed(type: ResourceType, body: Change): KubeObject {
  const { value } = type.schema.read(body);
  const metadata = (value['metadata'] ?? {}) as Draft;
  const draft: Draft = {
    ...value,
    apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`,
    kind: type.kind,
    metadata: {
      name: 'x',
      ...(type.namespaced && { namespace: 'default' }),
      uid: 'a-uid',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
  };
  type.applyDefaults(draft);
  type.prepareCreate(draft);
  return draft as unknown as KubeObject;
}

/** Tests of one kind: what is told of changes of a sound body. */
export function checking(type: ResourceType, sound: Change) {
  const bodyOf = (change: Change): Change => applyMergePatch(sound, change) as Change;
  const texts = (change: Change, before: KubeObject | undefined): readonly string[] =>
    type.validate(completed(type, bodyOf(change)), before).map(errorText);
  return {
    /** What is wrong with a new object that differs so from the sound one. */
    faults: (change: Change): readonly string[] => texts(change, undefined),
    /** What is wrong with a change of the object that differs by `before` to one that differs by `after`. */
    changeFaults: (before: Change, after: Change): readonly string[] =>
      texts(after, completed(type, bodyOf(before))),
    /** What the writer of such an object is warned of. */
    warnings: (change: Change): readonly string[] =>
      type.warnings(completed(type, bodyOf(change)), undefined),
    /** The object that becomes of such a body. */
    object: (change: Change): KubeObject => completed(type, bodyOf(change)),
  };
}
