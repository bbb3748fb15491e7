import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import type { Draft, PartRule } from '../../resource-type.js';
import type { Container } from './container.js';
import { isSidecar } from './pod.js';
import type { Pod, PodSpec } from './pod.js';
import { qosClassOf } from './qos-class.js';
import { podErrors } from './validation/index.js';
import { own } from '../../../units/index.js';

const specOf = (draft: Draft): Partial<PodSpec> => (draft['spec'] ?? {}) as Partial<PodSpec>;

/** Containers that look into a running pod, e.g. those of `kubectl debug`: they come, and stay as they are. */
export const ephemeralContainers: PartRule = {
  name: 'ephemeralcontainers',
  verbs: ['get', 'patch', 'update'],
  merge: (before, draft) => {
    const pod = before as Pod;
    const { ephemeralContainers: _before, ...spec } = pod.spec;
    const { ephemeralContainers: given = [] } = specOf(draft);
    return {
      ...pod,
      spec: { ...spec, ...(given.length > 0 && { ephemeralContainers: given }) },
    } as KubeObject;
  },
  validate: podErrors,
};

/** What containers ask for and may take, while they run (Kubernetes: in-place resize). */
export const resize: PartRule = {
  name: 'resize',
  verbs: ['get', 'patch', 'update'],
  merge: (before, draft) => {
    const pod = before as Pod;
    const given = specOf(draft);
    const { initContainers } = pod.spec;
    const spec: PodSpec = {
      ...pod.spec,
      containers: pod.spec.containers.map((container) => resized(container, given.containers)),
      ...(initContainers && {
        initContainers: initContainers.map((container) =>
          isSidecar(container) ? resized(container, given.initContainers) : container,
        ),
      }),
    };
    return { ...pod, spec } as KubeObject;
  },
  validate: validation<Pod>((faults, pod, before) => {
    if (before) checkResize(faults, pod, before);
  }),
};

function resized(container: Container, given: readonly Container[] | undefined): Container {
  const named = given?.find(({ name }) => name === container.name);
  return named ? { ...container, resources: named.resources ?? {} } : container;
}

/** Everything wrong with a resize (core validation: ValidatePodResize). */
function checkResize(faults: Faults, pod: Pod, before: Pod): void {
  if (qosClassOf(pod.spec) !== qosClassOf(before.spec)) {
    const text = 'Pod QOS Class may not change as a result of resizing';
    faults.invalid('spec', qosClassOf(pod.spec), text);
  }
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, container] of (pod.spec[list] ?? []).entries()) {
      const was = before.spec[list]?.[index];
      if (was) checkContainerResize(faults, `spec.${list}[${String(index)}].resources`, container, was);
    }
  }
  // What the amounts may be is the same for a pod of any age.
  for (const error of podErrors(pod, undefined)) {
    if (error.field.includes('.resources')) faults.add(error);
  }
}

function checkContainerResize(faults: Faults, at: string, now: Container, was: Container): void {
  for (const part of ['requests', 'limits'] as const) {
    const [amounts, old] = [now.resources?.[part] ?? {}, was.resources?.[part] ?? {}];
    for (const name of new Set([...Object.keys(amounts), ...Object.keys(old)])) {
      if (canonicalJson(own(amounts, name) ?? null) === canonicalJson(own(old, name) ?? null)) continue;
      if (name !== 'cpu' && name !== 'memory')
        faults.forbidden('spec', 'only cpu and memory resources are mutable');
      else if (amounts[name] === undefined)
        faults.forbidden(`${at}.${part}`, `resource ${part} cannot be removed`);
    }
  }
}
