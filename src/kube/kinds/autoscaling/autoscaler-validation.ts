import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { checkName } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';
import { milliValue } from '../../../units/index.js';
import { checkLabelSelector } from '../selector-validation.js';

interface ObjectReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
}

export interface MetricTarget {
  readonly type?: string;
  readonly value?: string;
  readonly averageValue?: string;
  readonly averageUtilization?: number;
}

interface MetricIdentifier {
  readonly name?: string;
  readonly selector?: LabelSelector;
}

/** A metric to scale by (autoscaling/v2 MetricSpec). */
export interface MetricSpec {
  readonly type?: string;
  readonly resource?: { readonly name?: string; readonly target?: MetricTarget };
  readonly containerResource?: {
    readonly name?: string;
    readonly container?: string;
    readonly target?: MetricTarget;
  };
  readonly pods?: { readonly metric?: MetricIdentifier; readonly target?: MetricTarget };
  readonly object?: {
    readonly describedObject?: ObjectReference;
    readonly metric?: MetricIdentifier;
    readonly target?: MetricTarget;
  };
  readonly external?: { readonly metric?: MetricIdentifier; readonly target?: MetricTarget };
}

interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: string;
  readonly tolerance?: string;
  readonly policies?: readonly {
    readonly type?: string;
    readonly value?: number;
    readonly periodSeconds?: number;
  }[];
}

interface Autoscaler extends KubeObject {
  readonly spec?: {
    readonly scaleTargetRef?: ObjectReference;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly metrics?: readonly MetricSpec[];
    readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
  };
}

/** Seconds that scaling may look back over, and that a policy counts in. */
const longest = { window: 3600, period: 1800 };

/** Everything wrong with an autoscaler (autoscaling validation: ValidateHorizontalPodAutoscaler). */
export const autoscalerErrors = validation<Autoscaler>((faults, { spec = {} }) => {
  const { minReplicas, maxReplicas = 0, scaleTargetRef = {}, behavior } = spec;
  if (minReplicas !== undefined && minReplicas < 1)
    faults.invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1');
  if (maxReplicas < 1) faults.invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0');
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    faults.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
  checkReference(faults, 'spec.scaleTargetRef', scaleTargetRef);
  checkTargetVersion(faults, scaleTargetRef);
  for (const [index, metric] of (spec.metrics ?? []).entries())
    checkMetric(faults, `spec.metrics[${String(index)}]`, metric);
  const hasOther = spec.metrics?.some(({ type }) => type === 'Object' || type === 'External') === true;
  if (minReplicas === 0 && !hasOther) {
    const text = 'must specify at least one Object or External metric to support scaling to zero replicas';
    faults.forbidden('spec.metrics', text);
  }
  checkScaling(faults, 'spec.behavior.scaleUp', behavior?.scaleUp);
  checkScaling(faults, 'spec.behavior.scaleDown', behavior?.scaleDown);
});

function checkReference(faults: Faults, at: string, { kind, name }: ObjectReference): void {
  checkName(faults, `${at}.kind`, 'pathSegment', kind);
  checkName(faults, `${at}.name`, 'pathSegment', name);
}

/** A kind of the core group can't be scaled, but for replication controllers. */
function checkTargetVersion(faults: Faults, { apiVersion = '', kind }: ObjectReference): void {
  const field = 'spec.scaleTargetRef.apiVersion';
  const parts = apiVersion.split('/');
  if (parts.length > 2) faults.invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  else if (parts.length < 2 && kind !== 'ReplicationController')
    faults.invalid(field, apiVersion, 'apiVersion must specify API group');
}

const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
/** In the order in which they are looked at: the first one is checked, others are one too many. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;

function checkMetric(faults: Faults, at: string, metric: MetricSpec): void {
  const { type = '' } = metric;
  if (type === '') faults.required(`${at}.type`, 'must specify a metric source type');
  faults.oneOf(`${at}.type`, type, metricTypes);
  const present = sources.filter((source) => metric[source] !== undefined);
  const [first] = present;
  if (first !== undefined) checkMetricSource(faults, `${at}.${first}`, { [first]: metric[first] });
  const expected = type.charAt(0).toLowerCase() + type.slice(1);
  if (metricTypes.includes(type) && !present.some((source) => source === expected))
    faults.required(`${at}.${expected}`, 'must populate information for the given metric source');
  if (present.length === 1) return;
  for (const source of present) {
    if (source !== expected)
      faults.forbidden(`${at}.${source}`, 'must populate the given metric source only');
  }
}

function checkMetricSource(faults: Faults, at: string, metric: MetricSpec): void {
  const { object, external, pods, resource, containerResource } = metric;
  if (object) {
    checkReference(faults, `${at}.describedObject`, object.describedObject ?? {});
    checkIdentifier(faults, at, object.metric);
    const target = checkTarget(faults, at, object.target);
    if (target.value === undefined && target.averageValue === undefined)
      faults.required(`${at}.target.averageValue`, 'must set either a target value or averageValue');
  }
  if (external) {
    checkIdentifier(faults, at, external.metric);
    const target = checkTarget(faults, at, external.target);
    if (target.value === undefined && target.averageValue === undefined) {
      const text = 'must set either a target value for metric or a per-pod target';
      faults.required(`${at}.target.averageValue`, text);
    }
    if (target.value !== undefined && target.averageValue !== undefined) {
      const text = 'may not set both a target value for metric and a per-pod target';
      faults.forbidden(`${at}.target.value`, text);
    }
  }
  if (pods) {
    checkIdentifier(faults, at, pods.metric);
    const target = checkTarget(faults, at, pods.target);
    if (target.averageValue === undefined || milliValue(target.averageValue) <= 0)
      faults.required(`${at}.target.averageValue`, 'must specify a positive target averageValue');
  }
  if (resource) checkResourceSource(faults, at, resource);
  if (containerResource) {
    checkResourceSource(faults, at, containerResource);
    if (!containerResource.container) faults.required(`${at}.container`, 'must specify a container');
  }
}

function checkResourceSource(
  faults: Faults,
  at: string,
  source: { readonly name?: string; readonly target?: MetricTarget },
): void {
  if (!source.name) faults.required(`${at}.name`, 'must specify a resource name');
  const { averageUtilization, averageValue } = checkTarget(faults, at, source.target);
  if (averageUtilization === undefined && averageValue === undefined) {
    const text = 'must set either a target raw value or a target utilization';
    faults.required(`${at}.target.averageUtilization`, text);
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    const text = 'may not set both a target raw value and a target utilization';
    faults.forbidden(`${at}.target.averageValue`, text);
  }
}

function checkIdentifier(faults: Faults, at: string, metric: MetricIdentifier = {}): void {
  if (!metric.name) faults.required(`${at}.metric.name`, 'must specify a metric name');
  else faults.invalid(`${at}.metric.name`, metric.name, segmentFault(metric.name));
  checkLabelSelector(faults, `${at}.metric.selector`, metric.selector);
}

const segmentFault = (name: string): string | undefined =>
  name.includes('/') || name.includes('%')
    ? `may not contain '${name.includes('/') ? '/' : '%'}'`
    : undefined;

function checkTarget(faults: Faults, source: string, target: MetricTarget = {}): MetricTarget {
  const at = `${source}.target`;
  const { type = '', value, averageValue, averageUtilization } = target;
  if (type === '') faults.required(`${at}.type`, 'must specify a metric target type');
  else if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    faults.invalid(`${at}.type`, type, 'must be either Utilization, Value, or AverageValue');
  if (value !== undefined && milliValue(value) <= 0) faults.invalid(`${at}.value`, value, 'must be positive');
  if (averageValue !== undefined && milliValue(averageValue) <= 0)
    faults.invalid(`${at}.averageValue`, averageValue, 'must be positive');
  if (averageUtilization !== undefined && averageUtilization < 1)
    faults.invalid(`${at}.averageUtilization`, averageUtilization, 'must be greater than 0');
  return target;
}

function checkScaling(faults: Faults, at: string, rules: ScalingRules | undefined): void {
  if (!rules) return;
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  if (window !== undefined && window < 0)
    faults.invalid(`${at}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero');
  if (window !== undefined && window > longest.window)
    faults.invalid(`${at}.stabilizationWindowSeconds`, window, 'must be less than or equal to 3600');
  faults.oneOf(`${at}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']);
  if (tolerance !== undefined && milliValue(tolerance) < 0)
    faults.invalid(`${at}.tolerance`, tolerance, 'must be greater or equal to zero');
  if (policies.length === 0) faults.required(`${at}.policies`, 'must specify at least one Policy');
  for (const [index, { type = '', value = 0, periodSeconds = 0 }] of policies.entries()) {
    const place = `${at}.policies[${String(index)}]`;
    faults.oneOf(`${place}.type`, type, ['Percent', 'Pods']);
    if (value <= 0) faults.invalid(`${place}.value`, value, 'must be greater than zero');
    if (periodSeconds <= 0)
      faults.invalid(`${place}.periodSeconds`, periodSeconds, 'must be greater than zero');
    if (periodSeconds > longest.period)
      faults.invalid(`${place}.periodSeconds`, periodSeconds, 'must be less than or equal to 1800');
  }
}
