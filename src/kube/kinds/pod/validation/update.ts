import type { Faults } from '../../../api/field-error.js';
import { canonicalJson } from '../../../object.js';
import type { NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm } from '../affinity.js';
import type { Container } from '../container.js';
import type { Pod, PodSpec, Toleration } from '../pod.js';
import { checkImageSpaces } from './containers.js';
import { differenceText } from './difference.js';

/** What of a pod's spec may change once it exists, in the API server's words. */
const changeable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** Adds what may not change in a pod that exists (core validation: ValidatePodUpdate). */
export function checkPodUpdate(faults: Faults, { spec }: Pod, { spec: before }: Pod): void {
  for (const list of ['containers', 'initContainers'] as const) {
    const [now, was] = [spec[list] ?? [], before[list] ?? []];
    if (now.length !== was.length) {
      faults.forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
      return;
    }
    for (const [index, container] of now.entries())
      checkImageSpaces(faults, `spec.${list}[${String(index)}]`, container);
  }
  if (!checkDeadline(faults, spec.activeDeadlineSeconds, before.activeDeadlineSeconds)) return;
  checkAddedTolerations(faults, spec.tolerations ?? [], before.tolerations ?? []);
  checkRemovedGates(faults, spec, before);
  if (same(spec, before)) return;
  const munged = withoutChangeable(spec, before);
  const isGated = (before.schedulingGates ?? []).length > 0;
  const left = isGated ? withGatedChanges(faults, munged, before) : munged;
  if (same(left, before)) return;
  const difference = differenceText('core.PodSpec', before, left);
  faults.forbidden('spec', `pod updates may not change fields other than ${changeable}\n${difference}`);
}

/** A deadline may be set, and brought forward; tells whether to go on. */
function checkDeadline(faults: Faults, now: number | undefined, was: number | undefined): boolean {
  const at = 'spec.activeDeadlineSeconds';
  if (now === undefined) {
    if (was !== undefined) faults.invalid(at, null, 'must not update from a positive integer to nil value');
    return true;
  }
  if (was === undefined || now <= was) return true;
  faults.invalid(at, now, 'must be less than or equal to previous value');
  return false;
}

/** Tolerations stay, but for how long they tolerate; others may come. */
function checkAddedTolerations(faults: Faults, now: readonly Toleration[], was: readonly Toleration[]): void {
  const timeless = ({ tolerationSeconds: _seconds, ...rest }: Toleration): string => canonicalJson(rest);
  const present = new Set(now.map(timeless));
  if (was.every((one) => present.has(timeless(one)))) return;
  faults.forbidden(
    'spec.tolerations',
    'existing toleration can not be modified except its tolerationSeconds',
  );
}

function checkRemovedGates(faults: Faults, now: PodSpec, was: PodSpec): void {
  const names = new Set((was.schedulingGates ?? []).map(({ name }) => name));
  for (const [index, { name }] of (now.schedulingGates ?? []).entries()) {
    if (names.has(name)) continue;
    const field = `spec.schedulingGates[${String(index)}].name`;
    faults.forbidden(field, `only deletion is allowed, but found new scheduling gate '${name}'`);
  }
}

/** A spec with all that may change as it was; ephemeral containers come by a subresource of their own. */
function withoutChangeable(spec: PodSpec, before: PodSpec): PodSpec {
  const withImages = (now: readonly Container[] | undefined, was: readonly Container[] | undefined) =>
    now?.map((container, index): Container => {
      const { image: _image, ...rest } = container;
      const image = was?.[index]?.image;
      return image === undefined ? rest : { ...rest, image };
    });
  const grace = before.terminationGracePeriodSeconds;
  const isMended = grace !== undefined && grace < 0 && spec.terminationGracePeriodSeconds === 1;
  const initContainers = withImages(spec.initContainers, before.initContainers);
  return {
    ...spec,
    ...pick(before, ['activeDeadlineSeconds', 'tolerations', 'schedulingGates', 'ephemeralContainers']),
    containers: withImages(spec.containers, before.containers) ?? [],
    ...(initContainers && { initContainers }),
    ...(isMended && { terminationGracePeriodSeconds: grace }),
  };
}

/** Members as they are in a spec; one that it has not is undefined, which no text of it shows. */
const pick = (spec: PodSpec, names: readonly (keyof PodSpec)[]): Partial<PodSpec> =>
  Object.fromEntries(names.map((name) => [name, spec[name]]));

/** While a pod is gated, it may come to want fewer nodes: what it did, with these changes taken back. */
function withGatedChanges(faults: Faults, spec: PodSpec, before: PodSpec): PodSpec {
  const { nodeSelector: now = {} } = spec;
  const lost = Object.entries(before.nodeSelector ?? {}).some(([key, value]) => now[key] !== value);
  if (lost) {
    const text = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    faults.invalid('spec.nodeSelector', now, text);
  }
  const nodeAffinity = before.affinity?.nodeAffinity;
  checkNarrowedAffinity(faults, spec.affinity?.nodeAffinity, nodeAffinity);
  const { nodeAffinity: _nodeAffinity, ...others } = spec.affinity ?? {};
  const isNone = Object.keys(others).length === 0 && !before.affinity;
  return {
    ...spec,
    ...pick(before, ['nodeSelector']),
    ...(isNone
      ? pick(before, ['affinity'])
      : { affinity: { ...others, ...(nodeAffinity && { nodeAffinity }) } }),
  };
}

function checkNarrowedAffinity(
  faults: Faults,
  now: NodeAffinity | undefined,
  was: NodeAffinity | undefined,
): void {
  const at = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const old = was?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const terms = now?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (old.length > 0 && old.length !== terms.length) {
    const text = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    faults.invalid(at, terms, text);
    return;
  }
  for (const [index, term] of old.entries()) {
    if (!hasOnlyAdditions(terms[index] ?? {}, term)) {
      const text = 'only additions are allowed (no mutations or deletions)';
      faults.invalid(`${at}[${String(index)}]`, terms[index] ?? {}, text);
    }
  }
}

function hasOnlyAdditions(now: NodeSelectorTerm, was: NodeSelectorTerm): boolean {
  const begins = (list: readonly NodeSelectorRequirement[], start: readonly NodeSelectorRequirement[]) =>
    same(list.slice(0, start.length), start);
  const { matchExpressions = [], matchFields = [] } = now;
  const { matchExpressions: expressions = [], matchFields: fields = [] } = was;
  // An empty term matches nothing: anything added would widen it.
  if (expressions.length + fields.length === 0) return matchExpressions.length + matchFields.length === 0;
  return begins(matchExpressions, expressions) && begins(matchFields, fields);
}

/** Adds what is wrong with a change of the containers that look into a pod: they come and stay as they are. */
export function checkEphemeralUpdate(faults: Faults, { spec }: Pod, { spec: before }: Pod): void {
  const now = new Map((spec.ephemeralContainers ?? []).map((one) => [one.name, one]));
  for (const old of before.ephemeralContainers ?? []) {
    const present = now.get(old.name);
    const at = 'spec.ephemeralContainers';
    if (!present) faults.forbidden(at, `existing ephemeral containers "${old.name}" may not be removed\n`);
    else if (!same(present, old)) {
      const difference = differenceText('core.EphemeralContainer', old, present);
      faults.forbidden(at, `existing ephemeral containers "${old.name}" may not be changed\n${difference}`);
    }
  }
}
