import { StatusError } from '../api/status-error.js';
import { pods, priorityClasses } from '../kinds/index.js';
import { membersOf } from '../object.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import { onCreate } from './plugin.js';

const valueOf = (priorityClass: KubeObject) => {
  const { value = 0, preemptionPolicy = 'PreemptLowerPriority' } = membersOf(priorityClass) as {
    value?: number;
    preemptionPolicy?: string;
  };
  return { priority: value, preemptionPolicy };
};

/** Gives a pod the number of its priority class, or of the default class (Kubernetes: Priority). */
export const podPriority = onCreate('Priority', [pods], {
  mutate: ({ tx, type, scope, name, draft }) => {
    const spec = draft['spec'] as {
      priorityClassName?: string;
      priority?: number;
      preemptionPolicy?: string;
    };
    if (spec.priorityClassName !== undefined && spec.priorityClassName !== '') {
      const key = objectKey(scope.cluster, undefined, spec.priorityClassName);
      const found = tx.get(priorityClasses.collection, key);
      if (!found) {
        throw StatusError.forbidden(
          type,
          name,
          `no PriorityClass with name ${spec.priorityClassName} was found`,
        );
      }
      Object.assign(spec, valueOf(found.object));
      return;
    }
    const standard = tx
      .find(priorityClasses.collection, 'byCluster', scope.cluster)
      .find(({ object }) => membersOf(object)['globalDefault'] === true);
    if (standard) {
      spec.priorityClassName = standard.object.metadata.name;
      Object.assign(spec, valueOf(standard.object));
    } else Object.assign(spec, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  },
});
