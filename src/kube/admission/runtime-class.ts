import { StatusError } from '../api/status-error.js';
import { pods, runtimeClasses } from '../kinds/index.js';
import type { Toleration } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import { onCreate } from './plugin.js';
import type { CreateRequest } from './plugin.js';
import { own } from '../../units/index.js';

interface RuntimeClass extends KubeObject {
  readonly overhead?: { readonly podFixed?: Readonly<Record<string, string>> };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}
interface Spec {
  readonly runtimeClassName?: string;
  overhead?: Readonly<Record<string, string>>;
  nodeSelector?: Readonly<Record<string, string>>;
  tolerations?: readonly Toleration[];
}

/** Gives a pod its runtime class's overhead, and the nodes that it is for (Kubernetes: RuntimeClass). */
export const runtimeClass = onCreate('RuntimeClass', [pods], {
  mutate: (request) => {
    const spec = request.draft['spec'] as Spec;
    const found = classOf(request, spec);
    completeOverhead(request, spec, found);
    completePlacement(request, spec, found?.scheduling);
  },
});

const rejected = ({ type, name }: CreateRequest, why: string): StatusError =>
  StatusError.forbidden(type, name, `pod rejected: ${why}`);

function classOf(request: CreateRequest, { runtimeClassName }: Spec): RuntimeClass | undefined {
  if (runtimeClassName === undefined || runtimeClassName === '') return undefined;
  const key = objectKey(request.scope.cluster, undefined, runtimeClassName);
  const found = request.tx.get(runtimeClasses.collection, key);
  if (!found) throw rejected(request, `RuntimeClass "${runtimeClassName}" not found`);
  return found.object as RuntimeClass;
}

function completeOverhead(request: CreateRequest, spec: Spec, found: RuntimeClass | undefined): void {
  const overhead = found?.overhead?.podFixed;
  if (spec.overhead !== undefined && overhead === undefined) {
    throw rejected(request, 'Pod Overhead set without corresponding RuntimeClass defined Overhead');
  }
  if (overhead === undefined) return;
  if (spec.overhead !== undefined && canonicalJson(spec.overhead) !== canonicalJson(overhead)) {
    throw rejected(request, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  spec.overhead = overhead;
}

function completePlacement(
  { type, name }: CreateRequest,
  spec: Spec,
  scheduling: RuntimeClass['scheduling'],
): void {
  const { nodeSelector = {}, tolerations = [] } = scheduling ?? {};
  for (const [key, value] of Object.entries(nodeSelector)) {
    const chosen = own(spec.nodeSelector, key);
    if (chosen === undefined || chosen === value) continue;
    const why = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${chosen}`;
    throw StatusError.forbidden(type, name, why);
  }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  const present = new Set((spec.tolerations ?? []).map(canonicalJson));
  const added = tolerations.filter((toleration) => !present.has(canonicalJson(toleration)));
  if (added.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...added];
}
