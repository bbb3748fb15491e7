import type { Transaction, Versioned } from '../../../store/index.js';
import { insertObject } from '../../api/index.js';
import { csiNodes, nodeKind } from '../../kinds/index.js';
import type { ClusterNode } from '../../nodes/index.js';
import type { Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { diskZoneLabel } from './drivers/index.js';

/** In-tree plugins whose work drivers do (Kubernetes: CSI migration). */
const migratedPlugins = [
  'aws-ebs',
  'azure-disk',
  'azure-file',
  'cinder',
  'gce-pd',
  'portworx-volume',
  'vsphere-volume',
]
  .map((name) => `kubernetes.io/${name}`)
  .join(',');

/** Says which storage drivers each node has, and how many disks it takes (CSI: node registration). */
export class CsiNodeController extends Controller {
  protected readonly triggers: readonly Trigger[] = [];

  constructor(parts: ControllerParts) {
    super(parts, nodeKind);
  }

  protected reconcile(tx: Transaction, { value }: Versioned<Stored>): undefined {
    const { cluster, object, dataDisks } = value as unknown as ClusterNode;
    const { name, uid } = object.metadata;
    // A node that somebody has made by hand has no drivers.
    if (dataDisks === undefined || tx.get(csiNodes.collection, objectKey(cluster, undefined, name)))
      return undefined;
    insertObject(
      this.parts.context,
      tx,
      csiNodes,
      { cluster },
      {
        metadata: {
          name,
          annotations: { 'storage.alpha.kubernetes.io/migrated-plugins': migratedPlugins },
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
        },
        spec: {
          drivers: [
            {
              name: 'disk.csi.azure.com',
              nodeID: name,
              topologyKeys: [diskZoneLabel],
              allocatable: { count: dataDisks },
            },
            { name: 'file.csi.azure.com', nodeID: name, topologyKeys: null },
          ],
        },
      },
    );
    return undefined;
  }
}
