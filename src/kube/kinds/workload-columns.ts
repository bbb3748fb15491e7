import { column, wide } from '../table/index.js';
import type { Column } from '../table/index.js';
import { isObject, membersOf, valueAt } from '../object.js';
import type { KubeObject } from '../object.js';
import { labelSelectorText } from '../selectors/index.js';
import type { LabelSelector } from '../selectors/index.js';
import type { Container } from './pod/index.js';

function containersOf(object: KubeObject, path: string): readonly Container[] {
  const containers = valueAt(membersOf(object), path.split('.'));
  return Array.isArray(containers) ? (containers as readonly Container[]) : [];
}

/** The wide columns of a workload's containers and images. */
export const containerColumns = (path = 'spec.template.spec.containers'): readonly Column[] => [
  wide('Containers', (object) =>
    containersOf(object, path)
      .map(({ name }) => name)
      .join(','),
  ),
  wide('Images', (object) =>
    containersOf(object, path)
      .map(({ image = '' }) => image)
      .join(','),
  ),
];

/** The label selector at a path as text; `<none>` for one that selects all or is absent. */
export const selectorAt =
  (path: string) =>
  (object: KubeObject): string => {
    const selector = valueAt(membersOf(object), path.split('.'));
    return isObject(selector) ? labelSelectorText(selector as LabelSelector) || '<none>' : '<none>';
  };

/** The wide column of the label selector at a path. */
export const selectorColumnAt = (path: string): Column => wide('Selector', selectorAt(path));

export const selectorColumn: Column = selectorColumnAt('spec.selector');

/** A map of labels as `a=b,c=d`; `<none>` when it has none. */
export const labelsAt =
  (path: string) =>
  (object: KubeObject): string => {
    const labels = valueAt(membersOf(object), path.split('.'));
    const pairs = isObject(labels) ? Object.entries(labels) : [];
    return (
      pairs
        .map(([key, value]) => `${key}=${String(value)}`)
        .sort()
        .join(',') || '<none>'
    );
  };

/** `ready/wanted` of a workload. */
export const readyColumn = (readyPath: string, wantedPath: string): Column =>
  column('Ready', (object) => {
    const number = (path: string) => Number(valueAt(membersOf(object), path.split('.')) ?? 0);
    return `${String(number(readyPath))}/${String(number(wantedPath))}`;
  });

/** The addresses that a load balancer has given a service or an ingress. */
export function loadBalancerText(object: KubeObject): string {
  const ingress = valueAt(membersOf(object), ['status', 'loadBalancer', 'ingress']);
  const all = (Array.isArray(ingress) ? ingress : []) as readonly { ip?: string; hostname?: string }[];
  const names = all.flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  return [...new Set(names)].sort().join(',');
}
