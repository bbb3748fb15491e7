import { fieldAt } from '../../object.js';
import type { Draft } from '../../resource-type.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, column, nameColumn, numberAt, textAt } from '../../table/index.js';
import { fill, member, objectOf } from '../defaulting.js';
import { autoscalerErrors } from './autoscaler-validation.js';
import { targetsText } from './targets.js';

const policy = (type: string, value: number): object => ({ type, value, periodSeconds: 15 });

/** Fills what a direction of scaling leaves out, once any behaviour is given (autoscaling/v2 defaults). */
function defaultScaling(rules: Draft, defaults: Readonly<Record<string, unknown>>): void {
  fill(rules, 'selectPolicy', 'Max');
  for (const [name, value] of Object.entries(defaults)) fill(rules, name, value);
}

/** Term of the autoscalers' `byTarget`. */
export const targetTerm = (cluster: string, namespace: string, kind: string, name: string): string =>
  `${cluster}|${namespace}|${kind}/${name}`;

export const horizontalPodAutoscalers = defineKind({
  collection: objectCollection('horizontalpodautoscalers.autoscaling', {
    byTarget: ({ cluster, object }) => {
      const { kind = '', name = '' } = (fieldAt(object, 'spec.scaleTargetRef') ?? {}) as {
        kind?: string;
        name?: string;
      };
      return targetTerm(cluster, object.metadata.namespace ?? '', kind, name);
    },
  }),
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: false,
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
    column('Targets', targetsText),
    column('MinPods', textAt('spec.minReplicas', '<unset>')),
    column('MaxPods', numberAt('spec.maxReplicas')),
    column('Replicas', numberAt('status.currentReplicas')),
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
    const behavior = objectOf(spec['behavior']);
    if (!behavior) return;
    defaultScaling(member(behavior, 'scaleUp'), {
      stabilizationWindowSeconds: 0,
      policies: [policy('Pods', 4), policy('Percent', 100)],
    });
    defaultScaling(member(behavior, 'scaleDown'), { policies: [policy('Percent', 100)] });
  },
  prepareCreate: (draft) => {
    draft['status'] = { desiredReplicas: 0 };
  },
  validate: autoscalerErrors,
});
