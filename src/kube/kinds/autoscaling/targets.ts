import type { KubeObject } from '../../object.js';
import { fieldAt } from '../../object.js';
import type { MetricSpec, MetricTarget } from './autoscaler-validation.js';

interface MetricStatus {
  readonly type?: string;
  readonly resource?: { readonly current?: MetricTarget };
  readonly containerResource?: { readonly current?: MetricTarget };
  readonly pods?: { readonly current?: MetricTarget };
  readonly object?: { readonly current?: MetricTarget };
  readonly external?: { readonly current?: MetricTarget };
}

const unknown = '<unknown>';
/** More metrics than this are counted, not shown. */
const mostShown = 2;

/** What an autoscaler measures against what it aims at, metric by metric (kubectl get hpa: TARGETS). */
export function targetsText(object: KubeObject): string {
  const specs = (fieldAt(object, 'spec.metrics') ?? []) as readonly MetricSpec[];
  const statuses = (fieldAt(object, 'status.currentMetrics') ?? []) as readonly MetricStatus[];
  if (specs.length === 0) return '<none>';
  const texts = specs.map((spec, index) => metricText(spec, statuses[index] ?? {}));
  if (texts.length <= mostShown) return texts.join(', ');
  return `${texts.slice(0, mostShown).join(', ')} + ${String(texts.length - mostShown)} more...`;
}

function metricText(spec: MetricSpec, status: MetricStatus): string {
  switch (spec.type) {
    case 'Resource':
      return `${spec.resource?.name ?? ''}: ${usageText(spec.resource?.target, status.resource?.current)}`;
    case 'ContainerResource': {
      const { name = '', target } = spec.containerResource ?? {};
      return `${name}: ${usageText(target, status.containerResource?.current)}`;
    }
    case 'Pods':
      return averageText(spec.pods?.target, status.pods?.current);
    case 'Object':
      return amountText(spec.object?.target, status.object?.current);
    case 'External':
      return amountText(spec.external?.target, status.external?.current);
    default:
      return '<unknown type>';
  }
}

/** A share of what is requested, or an amount. */
function usageText(target: MetricTarget = {}, current: MetricTarget = {}): string {
  if (target.averageValue !== undefined) return averageText(target, current);
  const { averageUtilization: aim } = target;
  const { averageUtilization: now } = current;
  return `${now === undefined ? unknown : `${String(now)}%`}/${aim === undefined ? '<auto>' : `${String(aim)}%`}`;
}

const averageText = (target: MetricTarget = {}, current: MetricTarget = {}): string =>
  `${current.averageValue ?? unknown}/${target.averageValue ?? ''}`;

/** One number for all, or an average of the pods. */
function amountText(target: MetricTarget = {}, current: MetricTarget = {}): string {
  const isAverage = target.averageValue !== undefined;
  if (isAverage) return `${averageText(target, current)} (avg)`;
  return `${current.value ?? unknown}/${target.value ?? ''}`;
}
