import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt, textAt } from '../../table/index.js';
import { fill, member } from '../defaulting.js';

export const horizontalPodAutoscalers = defineKind({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  schema: 'V2HorizontalPodAutoscaler',
  columns: [
    nameColumn,
    column('Reference', (object) => {
      const { kind = '', name = '' } = (fieldAt(object, 'spec.scaleTargetRef') ?? {}) as {
        kind?: string;
        name?: string;
      };
      return `${kind}/${name}`;
    }),
    column('Targets', targets),
    column('MinPods', textAt('spec.minReplicas', '<unset>')),
    column('MaxPods', numberAt('spec.maxReplicas'), 'integer'),
    column('Replicas', numberAt('status.currentReplicas'), 'integer'),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'minReplicas', 1);
    fill(spec, 'metrics', [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ]);
  },
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
});

interface Metric {
  readonly type: string;
  readonly resource?: {
    readonly name: string;
    readonly target?: { readonly averageUtilization?: number; readonly averageValue?: string };
    readonly current?: { readonly averageUtilization?: number; readonly averageValue?: string };
  };
}

function targets(object: KubeObject): string {
  const specs = (fieldAt(object, 'spec.metrics') ?? []) as readonly Metric[];
  const current = (fieldAt(object, 'status.currentMetrics') ?? []) as readonly Metric[];
  const texts = specs.map(({ resource }, index) => {
    if (!resource?.target) return '<unknown>';
    const now = current[index]?.resource?.current;
    const { averageUtilization, averageValue = '' } = resource.target;
    return averageUtilization === undefined
      ? `${resource.name}: ${now?.averageValue ?? '<unknown>'}/${averageValue}`
      : `${resource.name}: ${now?.averageUtilization === undefined ? '<unknown>' : `${String(now.averageUtilization)}%`}/${String(averageUtilization)}%`;
  });
  return texts.join(', ') || '<none>';
}
