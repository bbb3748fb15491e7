import type { CountOrPercent } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';
import { checkClaimSpec } from '../core/claim-spec-validation.js';
import type { Volume, VolumeClaimSpec } from '../pod/index.js';
import {
  amountOf,
  checkAtMostAll,
  checkCountOrPercent,
  checkCounts,
  checkSelector,
  checkTemplate,
} from './workload-validation.js';
import type { Workload, WorkloadSpec } from './workload-validation.js';

interface StatefulSetSpec extends WorkloadSpec {
  readonly serviceName?: string;
  readonly podManagementPolicy?: string;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: CountOrPercent };
  };
  readonly persistentVolumeClaimRetentionPolicy?: {
    readonly whenDeleted?: string;
    readonly whenScaled?: string;
  };
  readonly ordinals?: { readonly start?: number };
  readonly volumeClaimTemplates?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly spec?: VolumeClaimSpec;
  }[];
}

/** What may change in a stateful set that exists. */
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

const changeableText = `updates to statefulset spec for fields other than ${changeable
  .slice(0, -1)
  .map((name) => `'${name}'`)
  .join(', ')} and 'minReadySeconds' are forbidden`;

/** Everything wrong with a stateful set (apps validation: ValidateStatefulSet). */
export const statefulSetErrors = validation<Workload<StatefulSetSpec>>((faults, { spec = {} }, before) => {
  const { podManagementPolicy: management = '' } = spec;
  if (management === '') faults.required('spec.podManagementPolicy');
  else if (management !== 'OrderedReady' && management !== 'Parallel')
    faults.invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'");
  checkStrategy(faults, spec.updateStrategy);
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  const retention = 'spec.persistentVolumeClaimRetentionPolicy';
  faults.oneOf(`${retention}.whenDeleted`, whenDeleted, ['Retain', 'Delete']);
  faults.oneOf(`${retention}.whenScaled`, whenScaled, ['Retain', 'Delete']);
  checkCounts(faults, spec);
  faults.nonNegative('spec.ordinals.start', spec.ordinals?.start);
  for (const [index, { spec: claim = {} }] of (spec.volumeClaimTemplates ?? []).entries())
    checkClaimSpec(faults, `spec.volumeClaimTemplates[${String(index)}].spec`, claim);
  checkSelector(faults, spec.selector, 'empty selector is invalid for statefulset');
  checkTemplate(faults, 'StatefulSet', spec, claimedVolumes(spec));
  if (before && fixed(spec) !== fixed(before.spec ?? {})) faults.forbidden('spec', changeableText);
});

/** The volumes that a set's pods get by its claim templates. */
const claimedVolumes = ({ volumeClaimTemplates = [] }: StatefulSetSpec): readonly Volume[] =>
  volumeClaimTemplates.flatMap(({ metadata }) =>
    metadata?.name === undefined
      ? []
      : [{ name: metadata.name, persistentVolumeClaim: { claimName: metadata.name } }],
  );

/** What must not change, as a text. */
function fixed(spec: StatefulSetSpec): string {
  const rest: Record<string, unknown> = { ...spec };
  for (const name of changeable) delete rest[name];
  return canonicalJson(rest);
}

function checkStrategy(faults: Faults, strategy: StatefulSetSpec['updateStrategy'] = {}): void {
  const { type = '', rollingUpdate } = strategy;
  const at = 'spec.updateStrategy';
  if (type === '') faults.required(at);
  else if (type === 'OnDelete') {
    if (rollingUpdate) {
      const text = "only allowed for updateStrategy 'RollingUpdate'";
      faults.invalid(`${at}.rollingUpdate`, rollingUpdate, text);
    }
  } else if (type === 'RollingUpdate') {
    const { partition, maxUnavailable } = rollingUpdate ?? {};
    faults.nonNegative(`${at}.rollingUpdate.partition`, partition);
    if (maxUnavailable === undefined) return;
    const field = `${at}.rollingUpdate.maxUnavailable`;
    checkCountOrPercent(faults, field, maxUnavailable);
    if (amountOf(maxUnavailable) === 0) faults.invalid(field, maxUnavailable, 'cannot be 0');
    checkAtMostAll(faults, field, maxUnavailable);
  } else faults.invalid(at, strategy, "must be 'RollingUpdate' or 'OnDelete'");
}
