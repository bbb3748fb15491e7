import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn } from '../../table/index.js';
import { storage } from './group.js';

/** The storage drivers of a node (storage.k8s.io/v1 CSINode). */
export interface CsiNode extends KubeObject {
  readonly spec: {
    readonly drivers: readonly {
      readonly name: string;
      readonly nodeID: string;
      readonly topologyKeys: readonly string[] | null;
      /** `count`: how many volumes of the driver can be attached; absent where there is no limit. */
      readonly allocatable?: { readonly count?: number };
    }[];
  };
}

export const csiNodes = defineKind({
  ...storage,
  kind: 'CSINode',
  plural: 'csinodes',
  schema: 'V1CSINode',
  columns: [nameColumn, column('Drivers', lengthAt('spec.drivers'), 'integer'), ageColumn],
});
