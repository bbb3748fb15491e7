import { isFinished, persistentVolumeClaims, pods, services } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { fieldAt } from '../object.js';
import type { KubeObject } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import type { Amounts } from './amounts.js';
import { podResources } from './pod-resources.js';

/** Resources of nodes by their own name; all others are counted as `requests.NAME` alone. */
const standard = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** Kinds that may be limited by their plural alone, as in the first version of quotas. */
const byPlural = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

/** The name by which objects of a kind are counted, e.g. `count/deployments.apps`. */
export const countName = ({ group, plural }: ResourceType): string =>
  group === '' ? `count/${plural}` : `count/${plural}.${group}`;

/** What an object takes of a namespace's quotas (Kubernetes: resource quotas). */
export function usageOf(type: ResourceType, object: KubeObject): Amounts {
  const counted = { [countName(type)]: '1' };
  if (type === pods) return { ...counted, ...podUsage(object as Pod) };
  if (type === services) return { ...counted, ...serviceUsage(object) };
  if (type === persistentVolumeClaims) return { ...counted, ...claimUsage(object) };
  return type.group === '' && byPlural.has(type.plural) ? { ...counted, [type.plural]: '1' } : counted;
}

function podUsage(pod: Pod): Amounts {
  // What has ended takes nothing, but is still there to be counted.
  if (isFinished(pod)) return {};
  const usage: Record<string, string> = { pods: '1' };
  for (const [name, amount] of Object.entries(podResources(pod.spec, 'requests'))) {
    usage[`requests.${name}`] = amount;
    if (standard.has(name) || name.startsWith('hugepages-')) usage[name] = amount;
  }
  for (const [name, amount] of Object.entries(podResources(pod.spec, 'limits'))) {
    if (standard.has(name)) usage[`limits.${name}`] = amount;
  }
  return usage;
}

function serviceUsage(service: KubeObject): Amounts {
  const type = fieldAt(service, 'spec.type');
  const ports = String(((fieldAt(service, 'spec.ports') ?? []) as readonly unknown[]).length);
  const balanced = type === 'LoadBalancer';
  const onNodes =
    type === 'NodePort' || (balanced && fieldAt(service, 'spec.allocateLoadBalancerNodePorts') !== false);
  return {
    services: '1',
    'services.loadbalancers': balanced ? '1' : '0',
    'services.nodeports': onNodes ? ports : '0',
  };
}

function claimUsage(claim: KubeObject): Amounts {
  const storage = String(fieldAt(claim, 'spec.resources.requests.storage') ?? '0');
  const storageClass = fieldAt(claim, 'spec.storageClassName');
  const usage = { persistentvolumeclaims: '1', 'requests.storage': storage };
  if (typeof storageClass !== 'string' || storageClass === '') return usage;
  const ofClass = `${storageClass}.storageclass.storage.k8s.io`;
  return {
    ...usage,
    [`${ofClass}/persistentvolumeclaims`]: '1',
    [`${ofClass}/requests.storage`]: storage,
  };
}

/** True when objects of a kind may take some of a resource. */
export function concerns(type: ResourceType, resource: string): boolean {
  if (resource.startsWith('count/')) return resource === countName(type);
  if (type === persistentVolumeClaims) {
    return (
      resource === 'persistentvolumeclaims' ||
      resource === 'requests.storage' ||
      resource.includes('.storageclass.storage.k8s.io/')
    );
  }
  if (type === services) return resource === 'services' || resource.startsWith('services.');
  if (type === pods) return !byPlural.has(resource) ? isPodResource(resource) : resource === 'pods';
  return type.group === '' && byPlural.has(type.plural) && resource === type.plural;
}

const isPodResource = (resource: string): boolean =>
  resource !== 'requests.storage' &&
  !resource.startsWith('services.') &&
  !resource.includes('.storageclass.storage.k8s.io/');
