import { stringify } from 'yaml';
import { configMaps, goTime, insertObject, lastBeat, objectKey, sameJson } from '../../kube/index.js';
import type { KubeObject, Stored, StoredWithHeartbeat } from '../../kube/index.js';
import { defineCollection } from '../../store/index.js';
import { instant } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { Turn } from '../turn.js';
import type { Condition, StatusReport } from './report.js';
import { statusName } from './status-object.js';

const lastUpdated = 'cluster-autoscaler.kubernetes.io/last-updated';

/** Since when the conditions of a cluster's status are as they are, by their path. */
export interface Transitions {
  readonly cluster: string;
  readonly since: Readonly<Record<string, { readonly status: string; readonly at: Instant }>>;
  /** The loop whose time the ConfigMap says; later ones of the same grid say nothing else. */
  readonly beat: Instant;
}

export const statusTransitions = defineCollection<Transitions>('autoscalerStatus', {
  byCluster: ({ cluster }) => cluster,
});

/**
 * Says how a cluster is, in its status ConfigMap. While nothing changes the ConfigMap is not written: the time of the last loop
 * follows from that of the one that wrote it (see `ResourceType.present`).
 */
export function writeStatus(turn: Omit<Turn, 'supposed'>, report: StatusReport): void {
  const { tx, cluster, now, options } = turn;
  const before = tx.get(statusTransitions, cluster);
  const beat =
    before && (now - before.beat) % options.scanInterval === 0 && storedStatus(turn) ? before.beat : now;
  const since = transitions(report, before, now);
  const found: Transitions = { cluster, since, beat };
  const next = before && sameJson(found, before) ? before : found;
  if (next !== before) tx.put(statusTransitions, cluster, next);
  putText(turn, textOnce(report, next), beat);
}

/** The autoscaler has gone, and takes its status along. */
export function removeStatus({ tx, cluster }: Pick<Turn, 'tx' | 'cluster'>): void {
  tx.delete(statusTransitions, cluster);
  tx.delete(configMaps.collection, objectKey(cluster, statusName.namespace, statusName.name));
}

const storedStatus = ({ tx, cluster }: Pick<Turn, 'tx' | 'cluster'>): Stored | undefined =>
  tx.get(configMaps.collection, objectKey(cluster, statusName.namespace, statusName.name));

function putText(turn: Omit<Turn, 'supposed'>, status: string, beat: Instant): void {
  const { tx, context, cluster, options } = turn;
  const annotations = { [lastUpdated]: lastBeat };
  const heartbeat = { since: beat, every: options.scanInterval };
  const key = objectKey(cluster, statusName.namespace, statusName.name);
  const stored = storedStatus(turn);
  const object =
    stored?.object ??
    insertObject(
      context,
      tx,
      configMaps,
      { cluster, namespace: statusName.namespace },
      { metadata: { name: statusName.name } },
    );
  const { metadata } = object;
  const written = { ...object, metadata: { ...metadata, annotations }, data: { status } } as KubeObject;
  const next: StoredWithHeartbeat = { cluster, object: written, heartbeat };
  if (!sameJson(stored, next)) tx.put(configMaps.collection, key, next);
}

function transitions(
  report: StatusReport,
  before: Transitions | undefined,
  now: Instant,
): Transitions['since'] {
  const found: Record<string, { readonly status: string; readonly at: Instant }> = {};
  const note = (path: string, { status }: Condition): void => {
    const known = before?.since[path];
    found[path] = known?.status === status ? known : { status, at: now };
  };
  for (const [name, condition] of Object.entries(report.clusterWide)) note(name, condition);
  for (const [group, conditions] of report.groups)
    for (const [name, condition] of Object.entries(conditions)) note(`${group}/${name}`, condition);
  return found;
}

/** The text by its transitions, with the report that it says: most loops say what the one before did. */
const said = new WeakMap<Transitions, { readonly report: string; readonly text: string }>();

function textOnce(report: StatusReport, transitions: Transitions): string {
  const { clusterWide, groups } = report;
  const now = JSON.stringify([clusterWide, ...groups]);
  const before = said.get(transitions);
  if (before?.report === now) return before.text;
  const text = textOf(report, transitions.since);
  said.set(transitions, { report: now, text });
  return text;
}

function textOf({ clusterWide, groups }: StatusReport, since: Transitions['since']): string {
  const shown = (path: string, { status, details }: Condition) => ({
    status,
    ...details,
    lastProbeTime: lastBeat,
    lastTransitionTime: goTime(since[path]?.at ?? instant(0)),
  });
  const all = (conditions: Readonly<Record<string, Condition>>, prefix: string) =>
    Object.fromEntries(
      Object.entries(conditions).map(([name, condition]) => [name, shown(`${prefix}${name}`, condition)]),
    );
  return stringify(
    {
      time: lastBeat,
      autoscalerStatus: 'Running',
      clusterWide: all(clusterWide, ''),
      nodeGroups: [...groups].map(([name, conditions]) => ({ name, ...all(conditions, `${name}/`) })),
    },
    { lineWidth: 0, indentSeq: false },
  );
}
