import { isObject } from '../../object.js';
import type { JsonObject } from '../../object.js';
import { own } from '../../../units/index.js';

/** How a metric's target or its current value is written in autoscaling/v1, by the words of v2. */
interface Words {
  readonly utilization: string;
  readonly averageValue: string;
  readonly value: string;
}

const targetWords: Words = {
  utilization: 'targetAverageUtilization',
  averageValue: 'targetAverageValue',
  value: 'targetValue',
};
const currentWords: Words = {
  utilization: 'currentAverageUtilization',
  averageValue: 'currentAverageValue',
  value: 'currentValue',
};
/** Object metrics name their average as the type itself does. */
const objectWords = (words: Words): Words => ({ ...words, averageValue: 'averageValue' });

/** The member of a metric that holds its source, by its type. */
const sourceNames: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

type Side = 'target' | 'current';
const wordsOf = (side: Side): Words => (side === 'target' ? targetWords : currentWords);
const objectAt = (value: JsonObject, name: string): JsonObject => {
  const member = own(value, name);
  return isObject(member) ? member : {};
};
const given = (entries: Readonly<Record<string, unknown>>): JsonObject =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

/** A metric of autoscaling/v2 as v1 writes it into its annotations. */
export function metricToV1(metric: JsonObject, side: Side): JsonObject {
  const type = String(metric['type']);
  const name = own(sourceNames, type);
  if (name === undefined) return metric;
  return { type, [name]: sourceToV1(type, objectAt(metric, name), side) };
}

function sourceToV1(type: string, source: JsonObject, side: Side): JsonObject {
  const words = type === 'Object' ? objectWords(wordsOf(side)) : wordsOf(side);
  const { averageUtilization, averageValue, value } = objectAt(source, side);
  const amounts = given({
    [words.utilization]: averageUtilization,
    [words.averageValue]: averageValue,
    [words.value]: value,
  });
  const { name, selector } = objectAt(source, 'metric');
  switch (type) {
    case 'Resource':
      return { name: source['name'], ...amounts };
    case 'ContainerResource':
      return { name: source['name'], container: source['container'], ...amounts };
    case 'Object':
      return given({ target: source['describedObject'], metricName: name, selector, ...amounts });
    case 'External':
      return given({ metricName: name, metricSelector: selector, ...amounts });
    default:
      return given({ metricName: name, selector, ...amounts });
  }
}

/** A metric as v1 keeps it in its annotations, in the words of v2. */
export function metricFromV1(metric: JsonObject, side: Side): JsonObject {
  const type = String(metric['type']);
  const name = own(sourceNames, type);
  if (name === undefined) return metric;
  return { type, [name]: sourceFromV1(type, objectAt(metric, name), side) };
}

function sourceFromV1(type: string, source: JsonObject, side: Side): JsonObject {
  const words = type === 'Object' ? objectWords(wordsOf(side)) : wordsOf(side);
  const [averageUtilization, averageValue, value] = [
    source[words.utilization],
    source[words.averageValue],
    source[words.value],
  ];
  const amounts = {
    [side]: given({
      type: side === 'target' ? targetType(averageUtilization, averageValue) : undefined,
      averageUtilization,
      averageValue,
      value,
    }),
  };
  const metric = given({
    name: source['metricName'],
    selector: source['selector'] ?? source['metricSelector'],
  });
  switch (type) {
    case 'Resource':
      return { name: source['name'], ...amounts };
    case 'ContainerResource':
      return { name: source['name'], container: source['container'], ...amounts };
    case 'Object':
      return { describedObject: source['target'], metric, ...amounts };
    default:
      return { metric, ...amounts };
  }
}

function targetType(utilization: unknown, averageValue: unknown): string {
  if (utilization !== undefined) return 'Utilization';
  return averageValue === undefined ? 'Value' : 'AverageValue';
}
