import type { NodeSelectorTerm, PodSpec, PodTemplateSpec, Toleration } from '../../kinds/index.js';

const tolerate = (key: string, effect: 'NoSchedule' | 'NoExecute'): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect,
});

/** What every daemon's pods tolerate (Kubernetes: DaemonSet, taints and tolerations). */
const automatic: readonly Toleration[] = [
  tolerate('not-ready', 'NoExecute'),
  tolerate('unreachable', 'NoExecute'),
  tolerate('disk-pressure', 'NoSchedule'),
  tolerate('memory-pressure', 'NoSchedule'),
  tolerate('pid-pressure', 'NoSchedule'),
  tolerate('unschedulable', 'NoSchedule'),
];

const isSame = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key &&
  a.effect === b.effect &&
  a.operator === b.operator &&
  (a.value ?? '') === (b.value ?? '');

/** The template with what all daemons tolerate; a toleration that it has itself is not given twice. */
export function daemonTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const { spec } = template;
  const own = spec.tolerations ?? [];
  const network = spec.hostNetwork === true ? [tolerate('network-unavailable', 'NoSchedule')] : [];
  const further = [...automatic, ...network].filter((one) => !own.some((given) => isSame(given, one)));
  return { ...template, spec: { ...spec, tolerations: [...own, ...further] } };
}

/** The template for one node: its pods are bound to it by their affinity, in place of the template's own terms. */
export function onNode(template: PodTemplateSpec, node: string): PodTemplateSpec {
  const { affinity } = template.spec;
  const term: NodeSelectorTerm = {
    matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }],
  };
  const spec: PodSpec = {
    ...template.spec,
    affinity: {
      ...affinity,
      nodeAffinity: {
        ...affinity?.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
      },
    },
  };
  return { ...template, spec };
}
