import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, flagAt, nameColumn } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { storage } from './group.js';

/** How a storage driver wants to be used (storage.k8s.io/v1 CSIDriver), with the fields that the engine reads. */
export interface CsiDriver extends KubeObject {
  readonly spec: { readonly attachRequired: boolean; readonly storageCapacity?: boolean };
}

/** The texts of a list, or of a member of its elements, joined by commas. */
const textsAt = (object: KubeObject, path: string, name?: string): string =>
  ((fieldAt(object, path) ?? []) as readonly unknown[])
    .map((one) => String(name === undefined ? one : (one as Readonly<Record<string, unknown>>)[name]))
    .join(',');

export const csiDrivers = defineKind({
  ...storage,
  kind: 'CSIDriver',
  plural: 'csidrivers',
  schema: 'V1CSIDriver',
  columns: [
    nameColumn,
    column('AttachRequired', flagAt('spec.attachRequired'), 'boolean'),
    column('PodInfoOnMount', flagAt('spec.podInfoOnMount'), 'boolean'),
    column('StorageCapacity', flagAt('spec.storageCapacity'), 'boolean'),
    column('TokenRequests', (object) => textsAt(object, 'spec.tokenRequests', 'audience') || '<unset>'),
    column('RequiresRepublish', flagAt('spec.requiresRepublish'), 'boolean'),
    column('Modes', (object) => textsAt(object, 'spec.volumeLifecycleModes') || '<none>'),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'attachRequired', true);
    fill(spec, 'podInfoOnMount', false);
    fill(spec, 'storageCapacity', false);
    fill(spec, 'requiresRepublish', false);
    fill(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
    fill(spec, 'volumeLifecycleModes', ['Persistent']);
    fill(spec, 'seLinuxMount', false);
  },
});
