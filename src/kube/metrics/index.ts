import { milliValue, quantityValue } from '../../units/index.js';
import type { JsonObject, KubeObject } from '../object.js';
import { isObject, membersOf, valueAt } from '../object.js';
import { anything, atomic } from '../schema/index.js';
import { column, nameColumn, textAt } from '../table/index.js';
import type { Cell } from '../table/index.js';
import { onlyRead } from '../computed/computed-type.js';
import type { ComputedType } from '../computed/computed-type.js';
import { metricsOfNode, metricsOfNodes, metricsOfPod, metricsOfPods } from './resource-metrics.js';

export { usageOfContainers } from './resource-metrics.js';

const quantities = { type: 'object', additionalProperties: { type: 'string' } };
const usage = { ...quantities, description: 'The memory usage is the memory working set.' };
const container = {
  type: 'object',
  required: ['name', 'usage'],
  properties: {
    name: {
      type: 'string',
      description: 'Container name corresponding to the one from pod.spec.containers.',
    },
    usage,
  },
};

const documentOf = (measured: JsonObject): JsonObject => ({
  type: 'object',
  properties: {
    timestamp: {
      type: 'string',
      format: 'date-time',
      description:
        'The following fields define time interval from which metrics were collected from the interval [Timestamp-Window, Timestamp].',
    },
    window: { type: 'string' },
    ...measured,
  },
});

const amounts = (object: KubeObject): readonly unknown[] => {
  const containers = valueAt(membersOf(object), ['containers']);
  return Array.isArray(containers)
    ? containers.map((one: unknown) => valueAt(one, ['usage']))
    : [valueAt(membersOf(object), ['usage'])];
};

/** The sum of what an object's containers use, in the words of `kubectl top`. */
const total =
  (name: 'cpu' | 'memory') =>
  (object: KubeObject): Cell => {
    const texts = amounts(object).flatMap((one) =>
      isObject(one) && typeof one[name] === 'string' ? [one[name]] : [],
    );
    return name === 'cpu'
      ? `${String(texts.reduce((sum, text) => sum + milliValue(text), 0))}m`
      : `${String(Math.round(texts.reduce((sum, text) => sum + quantityValue(text), 0) / 1024))}Ki`;
  };

const metricsType = (
  kind: 'NodeMetrics' | 'PodMetrics',
  plural: string,
  measured: JsonObject,
  work: Pick<ComputedType, 'get' | 'list' | 'namespaced'>,
): ComputedType => ({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind,
  plural,
  singular: '',
  shortNames: [],
  ...onlyRead,
  columns: [
    nameColumn,
    column('cpu', total('cpu')),
    column('memory', total('memory')),
    column('Window', textAt('window')),
  ],
  schema: {
    source: 'definition',
    document: documentOf(measured),
    shape: atomic,
    valueType: anything,
    empty: {},
    read: (body) => ({ value: { ...body }, unknown: [] }),
  },
  ...work,
});

/** The kinds of metrics.k8s.io, which the metrics server of every cluster serves (AKS: metrics server). */
export const metricsTypes: readonly ComputedType[] = [
  metricsType(
    'NodeMetrics',
    'nodes',
    { usage },
    {
      namespaced: false,
      get: metricsOfNode,
      list: metricsOfNodes,
    },
  ),
  metricsType(
    'PodMetrics',
    'pods',
    {
      containers: {
        type: 'array',
        description: 'Metrics for all containers are collected within the same time window.',
        items: container,
      },
    },
    { namespaced: true, get: metricsOfPod, list: metricsOfPods },
  ),
];
