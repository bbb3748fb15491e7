import type { Container, PodTemplateSpec } from '../../kinds/index.js';
import type { Draft } from '../../resource-type.js';
import { jobTracking } from '../../kinds/index.js';

const indexKey = 'batch.kubernetes.io/job-completion-index';
const failureKey = 'batch.kubernetes.io/job-index-failure-count';
const ignoredKey = 'batch.kubernetes.io/job-index-ignored-failure-count';
const variable = 'JOB_COMPLETION_INDEX';

interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

const numberAt = ({ metadata }: Annotated, key: string): number | undefined => {
  const text = metadata.annotations?.[key];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};

/** The completion index of a pod of an indexed job. */
export const indexOf = (pod: Annotated): number | undefined => numberAt(pod, indexKey);

/** How often an index has failed before a pod of it was made. */
export interface IndexFailures {
  readonly counted: number;
  readonly ignored: number;
}

export const indexFailures = (pod: Annotated): IndexFailures => ({
  counted: numberAt(pod, failureKey) ?? 0,
  ignored: numberAt(pod, ignoredKey) ?? 0,
});

/** Metadata of a job's pod. */
export const podMetadata = (): Draft => ({ finalizers: [jobTracking] });

/** Metadata of a pod of an indexed job. */
export function indexedMetadata(job: string, index: number, failures: IndexFailures | undefined): Draft {
  return {
    generateName: `${job}-${String(index)}-`,
    finalizers: [jobTracking],
    labels: { [indexKey]: String(index) },
    annotations: {
      [indexKey]: String(index),
      ...(failures && { [failureKey]: String(failures.counted) }),
      ...(failures && failures.ignored > 0 && { [ignoredKey]: String(failures.ignored) }),
    },
  };
}

/** The template of a pod of an indexed job: it knows its index, and has a host name by it. */
export function indexedTemplate(template: PodTemplateSpec, job: string, index: number): PodTemplateSpec {
  const fieldPath = `metadata.labels['${indexKey}']`;
  const told = { name: variable, valueFrom: { fieldRef: { fieldPath } } };
  const withIndex = (container: Container): Container => {
    const { env = [] } = container;
    return env.some(({ name }) => name === variable) ? container : { ...container, env: [...env, told] };
  };
  const { spec } = template;
  return {
    ...template,
    spec: {
      ...spec,
      hostname: `${job}-${String(index)}`,
      containers: spec.containers.map(withIndex),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(withIndex) }),
    },
  };
}
