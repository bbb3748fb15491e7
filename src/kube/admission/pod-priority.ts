import { StatusError } from '../api/status-error.js';
import { pods, priorityClasses } from '../kinds/index.js';
import { membersOf } from '../object.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { AdmissionPlugin } from './plugin.js';
import { onCreate } from './plugin.js';
import type { CreateRequest } from './plugin.js';
import type { AdmissionRequest } from '../api/context.js';

interface Spec {
  priorityClassName?: string;
  priority?: number;
  preemptionPolicy?: string;
}

const standard = { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };

const valueOf = (priorityClass: KubeObject): typeof standard => {
  const { value = standard.priority, preemptionPolicy = standard.preemptionPolicy } = membersOf(
    priorityClass,
  ) as { value?: number; preemptionPolicy?: string };
  return { priority: value, preemptionPolicy };
};

const isGlobalDefault = (object: KubeObject): boolean => membersOf(object)['globalDefault'] === true;

/** Gives a pod the number of its priority class, or of the default class (Kubernetes: Priority). */
export const podPriority = onCreate('Priority', [pods], {
  mutate: (request) => {
    const { tx, type, scope, name, draft } = request;
    const spec = draft['spec'] as Spec;
    if (spec.priorityClassName === undefined || spec.priorityClassName === '') {
      const found = tx
        .find(priorityClasses.collection, 'byCluster', scope.cluster)
        .find(({ object }) => isGlobalDefault(object));
      if (found) spec.priorityClassName = found.object.metadata.name;
      complete(request, spec, found ? valueOf(found.object) : standard);
      return;
    }
    const found = tx.get(
      priorityClasses.collection,
      objectKey(scope.cluster, undefined, spec.priorityClassName),
    );
    if (!found) {
      const why = `no PriorityClass with name ${spec.priorityClassName} was found`;
      throw StatusError.forbidden(type, name, why);
    }
    complete(request, spec, valueOf(found.object));
  },
});

/** What a pod says itself of its priority must be what its class says. */
function complete({ type, name }: CreateRequest, spec: Spec, computed: typeof standard): void {
  const { priority, preemptionPolicy } = spec;
  const from = 'must not be provided in pod spec; priority admission controller computed';
  if (priority !== undefined && priority !== computed.priority) {
    const why = `the integer value of priority (${String(priority)}) ${from} ${String(computed.priority)} from the given PriorityClass name`;
    throw StatusError.forbidden(type, name, why);
  }
  if (preemptionPolicy !== undefined && preemptionPolicy !== computed.preemptionPolicy) {
    const why = `the string value of PreemptionPolicy (${preemptionPolicy}) ${from} ${computed.preemptionPolicy} from the given PriorityClass name`;
    throw StatusError.forbidden(type, name, why);
  }
  Object.assign(spec, computed);
}

/** At most one priority class is the default one (Kubernetes: Priority). */
export const oneDefaultPriority: AdmissionPlugin = {
  name: 'Priority',
  kinds: [priorityClasses],
  operations: ['CREATE', 'UPDATE'],
  validate: (request: AdmissionRequest) => {
    const { tx, type, scope, name, draft } = request;
    if (draft?.['globalDefault'] !== true) return;
    const other = tx
      .find(priorityClasses.collection, 'byCluster', scope.cluster)
      .find(({ object }) => isGlobalDefault(object) && object.metadata.name !== name);
    if (!other) return;
    const why = `PriorityClass ${other.object.metadata.name} is already marked as default. Only one default can exist`;
    throw StatusError.forbidden(type, name, why);
  },
};
