import type { Reader } from '../../../store/index.js';
import { daemonSets } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import type { KubeNode } from '../../nodes/index.js';
import { runsOn } from '../../pods/index.js';
import type { DaemonSet } from './daemon-set.js';
import { daemonTemplate, onNode } from './pod-template.js';

/** The pods that a cluster's DaemonSets would have on a node, were it to come. */
export function daemonsOn(reader: Reader, cluster: string, node: KubeNode): readonly Pod[] {
  const { name } = node.metadata;
  return reader.find(daemonSets.collection, 'byCluster', cluster).flatMap(({ object }): readonly Pod[] => {
    const { metadata, spec } = object as DaemonSet;
    const template = daemonTemplate(spec.template);
    if (metadata.deletionTimestamp !== undefined || !runsOn(node, template.spec, 'new')) return [];
    const { labels = {} } = template.metadata ?? {};
    const uid = `${metadata.uid}/${name}`;
    return [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${metadata.name}-${name}`,
          ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
          uid,
          creationTimestamp: metadata.creationTimestamp,
          labels,
        },
        spec: onNode(template, name).spec,
      },
    ];
  });
}
