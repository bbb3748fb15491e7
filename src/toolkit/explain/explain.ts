import type { Catalog } from '../../azure/index.js';
import { kubelets, nodeKey, podCondition } from '../../kube/index.js';
import type { Kubernetes, Pod, WebhookReplies } from '../../kube/index.js';
import { agentPools, existingCluster, resourceKey } from '../../nodepools/index.js';
import type { ClusterPath, ManagedCluster } from '../../nodepools/index.js';
import type { Scheduler, Supposed } from '../../scheduler/index.js';
import type { Clock } from '../../sim/index.js';
import type { Store } from '../../store/index.js';
import { counted, listed } from './amounts.js';
import { changesFor, ownScheduler, withoutGates } from './changes/index.js';
import type { Change, Explanation } from './explanation.js';
import { judgePools } from './pool-findings.js';
import { Question, placeAlike } from './question.js';
import { podNamed, podOfManifest } from './subject.js';
import type { Subject } from './subject.js';
import { verdictOf } from './verdict.js';
import { volumeState } from './volumes.js';

/** What an explanation looks at: a world has all of it. */
export interface ExplainedWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly subscription: { readonly id: string };
  readonly kubernetes: Kubernetes;
  readonly scheduler: Scheduler;
}

/** A pod that is there, or one that is still to be made: a manifest of a pod or of a workload. */
export type ExplainRequest = ClusterPath & {
  readonly namespace?: string;
  readonly webhooks?: WebhookReplies;
} & ({ readonly pod: string } | { readonly manifest: unknown });

/**
 * Why a pod is where it is, or why it is nowhere and which single change would let it run. Changes nothing.
 *
 * @throws AzureError 404 for a cluster or a pod that is not there, 400 for a manifest that has no pods or would be refused
 */
export function explainPod(world: ExplainedWorld, request: ExplainRequest): Explanation {
  const { store, kubernetes, subscription } = world;
  const managed = existingCluster(store, subscription.id, request);
  const cluster = resourceKey(managed.id);
  const { namespace } = request;
  const subject =
    'pod' in request
      ? podNamed(store, cluster, request.pod, namespace)
      : podOfManifest(kubernetes, cluster, request.manifest, namespace, request.webhooks);
  return subject.source === 'cluster' && hasPlace(subject.pod)
    ? placed(world, managed, subject)
    : unplaced(world, managed, subject);
}

const hasPlace = ({ spec, metadata }: Pod): boolean =>
  Boolean(spec.nodeName) || metadata.deletionTimestamp !== undefined;

const nameOf = (managed: ManagedCluster): Explanation['cluster'] => ({
  resourceGroup: managed.resourceGroup,
  name: managed.name,
});

/** A pod that is on a node, or that goes before it ever was on one. */
function placed(
  { store, scheduler }: ExplainedWorld,
  managed: ManagedCluster,
  subject: Subject,
): Explanation {
  const cluster = resourceKey(managed.id);
  const { pod, kind, name, namespace, source } = subject;
  const { nodeName } = pod.spec;
  const phase = pod.status?.phase ?? 'Pending';
  const since = podCondition(pod, 'PodScheduled')?.lastTransitionTime ?? pod.metadata.creationTimestamp;
  const kubelet = nodeName === undefined ? undefined : store.get(kubelets, nodeKey(cluster, nodeName));
  const pool = kubelet && store.get(agentPools, kubelet.agentPool)?.name;
  return {
    cluster: nameOf(managed),
    pod: {
      namespace,
      name,
      kind,
      source,
      phase,
      since,
      ...(nodeName && { node: nodeName }),
      ...(pool !== undefined && { pool }),
    },
    verdict: placedVerdict(pod, { since, pool }),
    asks: asksOf(scheduler, cluster, pod),
    pools: [],
    changes: [],
  };
}

function placedVerdict(
  { spec, status, metadata }: Pod,
  { since, pool }: { readonly since: string; readonly pool: string | undefined },
): Explanation['verdict'] {
  const phase = status?.phase ?? 'Pending';
  if (metadata.deletionTimestamp !== undefined)
    return { kind: 'ended', text: `It is being deleted since ${metadata.deletionTimestamp}.` };
  const where = `node ${spec.nodeName ?? ''}${pool === undefined ? '' : ` of pool ${pool}`}`;
  if (phase === 'Succeeded' || phase === 'Failed')
    return { kind: 'ended', text: `It has ended (${phase}) on ${where}.` };
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .map(({ name, state }) => ({ name, reason: state.waiting?.reason }))
    .filter(({ reason }) => reason !== undefined && reason !== 'PodInitializing');
  const stuck = waiting.map(({ name, reason }) => `container ${name}: ${reason ?? ''}`);
  const how = stuck.length > 0 ? ` ${phase}: ${listed(stuck)}.` : ` ${phase}.`;
  return { kind: 'runs', text: `It is on ${where} since ${since}.${how}` };
}

const asksOf = (scheduler: Scheduler, cluster: string, pod: Pod): Explanation['asks'] =>
  Object.fromEntries(
    scheduler
      .whatIf(cluster)
      .asks(pod)
      .filter(({ resource }) => resource !== 'pods')
      .map(({ resource, asked }) => [resource, asked]),
  );

/** A pod that has no node. */
function unplaced(world: ExplainedWorld, managed: ManagedCluster, subject: Subject): Explanation {
  const cluster = resourceKey(managed.id);
  const whatIf = world.scheduler.whatIf(cluster);
  const copies = copiesOf(subject);
  return whatIf.suppose((what) => {
    // A node may be reserved for it while its volumes are being made.
    what.removePod(subject.pod);
    const left = unready(subject.pod) ? copies : leftOf(what, copies);
    const question = new Question({
      reader: world.store,
      catalog: world.catalog,
      managed,
      whatIf,
      now: world.clock.now(),
      // Where all fit, the last of them is told of.
      waiting: left.length > 0 ? left : copies.slice(-1),
    });
    const fit = copies.length - left.length;
    const { judged, strays } = judgePools(question);
    const { verdict, changes } = judge(question, subject, left.length, () => verdictOf(question, judged));
    const { pod, kind, name, namespace, source, replicas } = subject;
    return {
      cluster: nameOf(managed),
      pod: {
        namespace,
        name,
        kind,
        source,
        ...(source === 'cluster' && {
          phase: pod.status?.phase ?? 'Pending',
          since: pod.metadata.creationTimestamp,
        }),
        ...(replicas > 1 && { replicas: { asked: replicas, fit } }),
      },
      verdict,
      asks: asksOf(world.scheduler, cluster, pod),
      pools: [...judged.map(({ finding }) => finding), ...(strays ? [strays] : [])],
      changes,
    };
  });
}

/** The pods of a subject, told apart by number. */
const copiesOf = ({ pod, replicas }: Subject): readonly Pod[] =>
  replicas === 1
    ? [pod]
    : Array.from({ length: replicas }, (_, at) => {
        const { metadata } = pod;
        const number = String(at + 1);
        const name = `${metadata.name}-${number}`;
        return { ...pod, metadata: { ...metadata, name, uid: `${metadata.uid}-${number}` } };
      });

/** Held back by something else than nodes. */
const unready = ({ spec }: Pod): boolean =>
  (spec.schedulingGates ?? []).length > 0 || !isOurs(spec.schedulerName);

const isOurs = (schedulerName: string | undefined): boolean =>
  schedulerName === undefined || schedulerName === '' || schedulerName === 'default-scheduler';

/** Places the pods that fit; the last that does is taken off again when all do, as it is told of. */
function leftOf(what: Supposed, copies: readonly Pod[]): readonly Pod[] {
  const left = placeAlike(what, copies);
  const [last] = copies.slice(-1);
  if (left.length === 0 && last) what.removePod(last);
  return left;
}

type Judgement = Pick<Explanation, 'verdict' | 'changes'>;

function judge(
  question: Question,
  { pod, replicas }: Subject,
  left: number,
  refused: () => Explanation['verdict'],
): Judgement {
  const { schedulingGates = [], schedulerName = '' } = pod.spec;
  if (schedulingGates.length > 0) {
    const gates = listed(schedulingGates.map(({ name }) => name));
    const text = `Its scheduling ${schedulingGates.length === 1 ? 'gate' : 'gates'} ${gates} ${schedulingGates.length === 1 ? 'is' : 'are'} closed.`;
    return { verdict: { kind: 'gated', text }, changes: withoutGates(question) };
  }
  if (!isOurs(schedulerName)) {
    const text = `It is left to scheduler ${schedulerName}, which the cluster does not run.`;
    return { verdict: { kind: 'another scheduler', text }, changes: ownScheduler(question) };
  }
  if (left === 0) return { verdict: fitsVerdict(question, replicas), changes: [] };
  const verdict = refused();
  const isSettled = verdict.kind === 'waiting for preemption' || verdict.kind === 'waiting for nodes';
  const changes: readonly Change[] = isSettled ? [] : changesFor(question);
  return { verdict, changes };
}

/** A pod that fits may still wait for the volume that is being made for it. */
function fitsVerdict(question: Question, replicas: number): Explanation['verdict'] {
  const { pod, whatIf } = question;
  const volumes = volumeState(pod, question);
  if (volumes.kind === 'waits') return { kind: 'waiting for a volume', text: volumes.text };
  const { feasible } = whatIf.fits(pod);
  if (replicas > 1) return { kind: 'fits now', text: `All ${String(replicas)} pods fit.` };
  const pools = new Map<string, number>();
  for (const name of feasible) {
    const pool = question.poolOf(name) ?? '';
    pools.set(pool, (pools.get(pool) ?? 0) + 1);
  }
  const places = [...pools].map(([pool, nodes]) =>
    pool === '' ? counted(nodes, 'node') : `${counted(nodes, 'node')} of pool ${pool}`,
  );
  return { kind: 'fits now', text: `${listed(places)} ${feasible.length === 1 ? 'takes' : 'take'} it.` };
}
