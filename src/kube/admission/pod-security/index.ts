import type { AdmissionRequest, WriteContext } from '../../api/context.js';
import { StatusError } from '../../api/status-error.js';
import {
  cronJobs,
  daemonSets,
  deployments,
  jobs,
  namespaces,
  podTemplates,
  pods,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '../../kinds/index.js';
import type { PodSpec } from '../../kinds/index.js';
import { valueAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ResourceType } from '../../resource-type.js';
import type { AdmissionPlugin } from '../plugin.js';
import { levels, violationsText } from './standards.js';
import type { Level } from './standards.js';

const prefix = 'pod-security.kubernetes.io/';
const modes = ['enforce', 'audit', 'warn'] as const;
type Mode = (typeof modes)[number];

const inTemplate = ['spec', 'template', 'spec'];
/** Where workloads keep the spec of their pods. */
const templates = new Map<ResourceType, readonly string[]>([
  ...[daemonSets, deployments, jobs, replicaSets, replicationControllers, statefulSets].map(
    (type) => [type, inTemplate] as const,
  ),
  [cronJobs, ['spec', 'jobTemplate', ...inTemplate]],
  [podTemplates, ['template', 'spec']],
]);

type Write = Exclude<AdmissionRequest, { operation: 'DELETE' }>;

/**
 * Keeps pods to the standard that their namespace enforces, and warns where it only wants to be told; workloads are only
 * warned about, as their pods are what is refused (Kubernetes: PodSecurity).
 */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  kinds: [namespaces, pods, ...templates.keys()],
  operations: ['CREATE', 'UPDATE'],
  validate: (request, context) => {
    if (request.operation === 'DELETE') return;
    if (request.type === namespaces) checkLabels(request);
    else if (request.type === pods) checkPod(request, context);
    else if (request.subresource === undefined) warnOfTemplate(request, context);
  },
};

type Labels = Readonly<Record<string, string>>;

function labelsOf({ tx, scope }: Write): Labels {
  const key = objectKey(scope.cluster, undefined, scope.namespace ?? '');
  return tx.get(namespaces.collection, key)?.object.metadata.labels ?? {};
}

const isLevel = (text: string | undefined): text is Level => levels.some((level) => level === text);

/** A namespace's level in a mode, with the text that messages have for it. */
function levelOf(labels: Labels, mode: Mode): { readonly level: Level; readonly text: string } {
  const asked = labels[`${prefix}${mode}`];
  // What is not understood is taken for the strictest.
  const level = asked === undefined ? 'privileged' : isLevel(asked) ? asked : 'restricted';
  return { level, text: `${level}:${labels[`${prefix}${mode}-version`] ?? 'latest'}` };
}

/** The pod's own changes leave alone what the standards look at, but for containers that are added to it. */
const isLookedAt = ({ operation, subresource }: Write): boolean =>
  operation === 'CREATE' || subresource === 'ephemeralcontainers';

function checkPod(request: Write, context: WriteContext): void {
  if (!isLookedAt(request)) return;
  const labels = labelsOf(request);
  const spec = request.draft['spec'] as PodSpec;
  const enforced = levelOf(labels, 'enforce');
  const violations = violationsText(enforced.level, spec);
  if (violations !== '') {
    throw StatusError.forbidden(
      request.type,
      request.name,
      `violates PodSecurity "${enforced.text}": ${violations}`,
    );
  }
  warn(labels, spec, context);
}

function warn(labels: Labels, spec: PodSpec, { requester }: WriteContext): void {
  const { level, text } = levelOf(labels, 'warn');
  const violations = violationsText(level, spec);
  if (violations !== '') requester.warn(`would violate PodSecurity "${text}": ${violations}`);
}

function warnOfTemplate(request: Write, context: WriteContext): void {
  const spec = valueAt(request.draft, templates.get(request.type) ?? []) as PodSpec | undefined;
  if (spec) warn(labelsOf(request), spec, context);
}

const versionPattern = /^(latest|v1\.(0|[1-9]\d*))$/;

/** A namespace's labels must name levels and versions that there are. */
function checkLabels({ draft, type, name }: Write): void {
  const labels = (draft as unknown as KubeObject).metadata.labels ?? {};
  const errors = modes.flatMap((mode) => {
    const wrong = (key: string, value: string, detail: string) => ({
      type: 'invalid' as const,
      field: `metadata.labels[${prefix}${key}]`,
      value,
      detail,
    });
    const level = labels[`${prefix}${mode}`];
    const version = labels[`${prefix}${mode}-version`];
    return [
      ...(level === undefined || isLevel(level)
        ? []
        : [wrong(mode, level, `must be one of ${levels.join(', ')}`)]),
      ...(version === undefined || versionPattern.test(version)
        ? []
        : [wrong(`${mode}-version`, version, 'must be "latest" or "v1.x"')]),
    ];
  });
  if (errors.length > 0) throw StatusError.invalid(type, name, errors);
}
