import { fieldAt, isObject } from '../../object.js';
import type { Draft } from '../../resource-type.js';
import { member } from '../defaulting.js';
import type { KubeObject } from '../../object.js';

export const sizeOf = (value: unknown): number => (isObject(value) ? Object.keys(value).length : 0);

export const asText = (value: unknown, absent: string): string =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : absent;

/** The phase of a volume or a claim as its table tells it: one that is going is told to be. */
export const volumePhase = (object: KubeObject): string =>
  object.metadata.deletionTimestamp === undefined
    ? asText(fieldAt(object, 'status.phase'), '')
    : 'Terminating';

const modeNames = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;

/** Access modes by their short names, in the order that the API server shows them in. */
export const accessModes =
  (path: string) =>
  (object: KubeObject): string => {
    const modes = (fieldAt(object, path) ?? []) as readonly string[];
    return modeNames.flatMap(([mode, short]) => (modes.includes(mode) ? [short] : [])).join(',');
  };

/** The class of a claim or volume, which an annotation said before the field did. */
export const storageClass = (object: KubeObject): string =>
  object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ??
  asText(fieldAt(object, 'spec.storageClassName'), '');

/** Gives a new object a finalizer that holds it (Kubernetes: StorageObjectInUseProtection). */
export function keepFinalizer(draft: Draft, finalizer: string): void {
  const metadata = member(draft, 'metadata');
  const present = (metadata['finalizers'] ?? []) as readonly string[];
  if (!present.includes(finalizer)) metadata['finalizers'] = [...present, finalizer];
}
