import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant, quantityValue } from '../../../units/index.js';
import { StatusError, replaceObject, withScale } from '../../api/index.js';
import { withCondition } from '../../conditions.js';
import type { Condition } from '../../conditions.js';
import { horizontalPodAutoscalers, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { toKubeTime } from '../../kube-time.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import type { ResourceType } from '../../resource-type.js';
import { selectedByText } from '../../selectors/index.js';
import { earliest } from '../availability.js';
import type { ControllerParts } from '../controller.js';
import { recordEvent } from '../events.js';
import { putStatus } from '../owned.js';
import type { Autoscaler } from './autoscaler.js';
import { noHistory, syncInterval, withRecommendation, withScaling } from './history.js';
import type { ScalingHistory } from './history.js';
import { changesWithTime, read } from './metrics.js';
import type { MetricOutcome, MetricScene } from './metrics.js';
import type { Tolerance } from './replica-calculator.js';
import { decide, windowsOf } from './scaling-rules.js';

/** An autoscaler with what it remembers. */
interface StoredAutoscaler extends Stored {
  readonly scaling?: ScalingHistory;
}

/** What is scaled. */
interface Target {
  readonly type: ResourceType;
  readonly entry: Versioned<Stored>;
  readonly replicas: number;
}

const usualTolerance = 0.1;

/** One look of an autoscaler. */
export class AutoscalerTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<StoredAutoscaler>;
  readonly #autoscaler: Autoscaler;
  readonly #now: Instant;
  #history: ScalingHistory;
  #conditions: readonly Condition[];
  #metrics: readonly object[] | null | undefined;
  #lastScale: string | undefined;
  #next: Instant | undefined;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#autoscaler = entry.value.object as Autoscaler;
    this.#now = parts.clock.now();
    this.#history = this.#entry.value.scaling ?? noHistory;
    this.#conditions = this.#autoscaler.status?.conditions ?? [];
    this.#metrics = this.#autoscaler.status?.currentMetrics;
    this.#lastScale = this.#autoscaler.status?.lastScaleTime;
  }

  /** @returns when to look again; undefined when nothing changes by time alone. */
  run(): Instant | undefined {
    const target = this.#target();
    if (typeof target === 'string') {
      const message = `the HPA controller was unable to get the target's current scale: ${target}`;
      this.#tell('Warning', 'FailedGetScale', target);
      this.#set('AbleToScale', 'False', 'FailedGetScale', message);
      this.#putStatus(0, 0);
      return undefined;
    }
    const able = "the HPA controller was able to get the target's current scale";
    this.#set('AbleToScale', 'True', 'SucceededGetScale', able);
    if (this.#history.recommendations.length === 0)
      this.#history = withRecommendation(this.#history, target.replicas, this.#keep(), this.#now);
    const wanted = this.#wanted(target);
    if (wanted === undefined) this.#putStatus(target.replicas, this.#autoscaler.status?.desiredReplicas ?? 0);
    else this.#scale(target, wanted);
    return this.#next;
  }

  /** What is scaled; else why it can't be. */
  #target(): Target | string {
    const { cluster, object } = this.#entry.value;
    const { apiVersion = 'v1', kind, name } = this.#autoscaler.spec.scaleTargetRef;
    const type = this.#parts.context.kinds.of(cluster).ofKind(apiVersion, kind);
    if (!type) return `no matches for kind "${kind}" in group "${apiVersion.split('/')[0] ?? ''}"`;
    if (!type.scale) return 'the server could not find the requested resource';
    const entry = this.#tx.entry(type.collection, objectKey(cluster, object.metadata.namespace, name));
    if (!entry) return StatusError.notFound(type, name).message;
    return { type, entry, replicas: type.scale.replicas(entry.value.object) };
  }

  #podsOf({ type, entry }: Target): readonly Pod[] {
    const { cluster, object } = entry.value;
    const place = { cluster, namespace: object.metadata.namespace ?? '' };
    const text = type.scale?.selector(object) ?? '';
    if (text === '') return [];
    return selectedByText(this.#tx, pods, place, text).map(({ value }) => value.object as Pod);
  }

  /** Replicas there should be and why; undefined when nobody can tell. */
  #wanted(target: Target): { readonly replicas: number; readonly reason: string } | undefined {
    const { minReplicas = 1, maxReplicas } = this.#autoscaler.spec;
    const current = target.replicas;
    if (current === 0 && minReplicas !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      this.#set('ScalingActive', 'False', 'ScalingDisabled', message);
      return { replicas: 0, reason: '' };
    }
    if (current > maxReplicas)
      return { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
    if (current < minReplicas)
      return { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' };
    return this.#byMetrics(target);
  }

  #byMetrics(target: Target): { readonly replicas: number; readonly reason: string } | undefined {
    const current = target.replicas;
    const scene: MetricScene = {
      autoscaler: this.#autoscaler,
      pods: this.#podsOf(target),
      current,
      tolerance: this.#tolerance(),
      now: this.#now,
    };
    const specs = this.#autoscaler.spec.metrics ?? [];
    for (const spec of specs) this.#next = earliest(this.#next, changesWithTime(spec, scene));
    const outcomes = specs.map((spec) => read(spec, scene));
    const best = this.#best(outcomes, current);
    if (!best) return undefined;
    this.#history = withRecommendation(this.#history, best.replicas, this.#keep(), this.#now);
    const { replicas, stabilized, limited } = decide(
      this.#autoscaler,
      this.#history,
      current,
      best.replicas,
      this.#now,
    );
    if (stabilized) this.#set('AbleToScale', 'True', stabilized.reason, stabilized.message);
    else this.#set('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
    if (limited) this.#set('ScalingLimited', 'True', limited.reason, limited.message);
    else {
      const message = 'the desired count is within the acceptable range';
      this.#set('ScalingLimited', 'False', 'DesiredWithinRange', message);
    }
    const isHeld = limited?.reason === 'ScaleUpLimit' || limited?.reason === 'ScaleDownLimit';
    if (stabilized || isHeld) this.#lookAgain();
    return {
      replicas,
      reason: best.replicas > current ? `${best.name} above target` : 'All metrics below target',
    };
  }

  /** The metric that asks for most; undefined when too many can't be read. */
  #best(
    outcomes: readonly MetricOutcome[],
    current: number,
  ): Extract<MetricOutcome, { kind: 'valid' }> | undefined {
    const valid = outcomes.filter((one) => one.kind === 'valid');
    const [failed, ...others] = outcomes.filter((one) => one.kind === 'invalid');
    for (const { reason, message } of failed ? [failed, ...others] : [])
      this.#tell('Warning', reason, message);
    const [first, ...rest] = valid;
    const best = rest.reduce((most, one) => (most && one.replicas > most.replicas ? one : most), first);
    this.#metrics = outcomes.map((one) => (one.kind === 'valid' ? one.status : { type: '' }));
    // What can't be read may ask for more: nothing is taken away then.
    if (failed && (!best || best.replicas < current)) {
      if (!best) this.#metrics = null;
      const why = `the HPA was unable to compute the replica count: ${failed.message}`;
      this.#set('ScalingActive', 'False', failed.reason, why);
      const count = `${String(others.length + 1)} invalid out of ${String(outcomes.length)}`;
      this.#tell(
        'Warning',
        'FailedComputeMetricsReplicas',
        `invalid metrics (${count}), first error is: ${failed.what}`,
      );
      return undefined;
    }
    if (!best) return undefined;
    const message = `the HPA was able to successfully calculate a replica count from ${best.name}`;
    this.#set('ScalingActive', 'True', 'ValidMetricFound', message);
    return best;
  }

  #tolerance(): Tolerance {
    const { behavior } = this.#autoscaler.spec;
    // Settable from Kubernetes 1.35 on.
    const isSettable = this.#parts.context.minorOf(this.#entry.value.cluster) >= 35;
    const of = (text: string | undefined): number =>
      isSettable && text !== undefined ? quantityValue(text) : usualTolerance;
    return { down: of(behavior?.scaleDown?.tolerance), up: of(behavior?.scaleUp?.tolerance) };
  }

  #keep(): number {
    const { up, down } = windowsOf(this.#autoscaler);
    return Math.max(up, down);
  }

  #scale(target: Target, { replicas, reason }: { readonly replicas: number; readonly reason: string }): void {
    const current = target.replicas;
    if (replicas === current) {
      this.#putStatus(current, current);
      return;
    }
    this.#lookAgain();
    try {
      const draft = withScale(target.type, target.entry.value.object, replicas);
      replaceObject(this.#parts.context, this.#tx, target.type, target.entry, draft, 'object');
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#tell(
        'Warning',
        'FailedRescale',
        `New size: ${String(replicas)}; reason: ${reason}; error: ${error.message}`,
      );
      const message = `the HPA controller was unable to update the target scale: ${error.message}`;
      this.#set('AbleToScale', 'False', 'FailedUpdateScale', message);
      this.#putStatus(current, replicas);
      return;
    }
    const message = `the HPA controller was able to update the target scale to ${String(replicas)}`;
    this.#set('AbleToScale', 'True', 'SucceededRescale', message);
    this.#tell('Normal', 'SuccessfulRescale', `New size: ${String(replicas)}; reason: ${reason}`);
    this.#history = withScaling(this.#history, current, replicas, this.#now);
    this.#lastScale = toKubeTime(this.#now);
    this.#putStatus(current, replicas);
  }

  #lookAgain(): void {
    this.#next = earliest(this.#next, instant(this.#now + syncInterval));
  }

  #putStatus(currentReplicas: number, desiredReplicas: number): void {
    const { key } = this.#entry;
    const { collection } = horizontalPodAutoscalers;
    const present = this.#tx.entry(collection, key) as Versioned<StoredAutoscaler> | undefined;
    if (!present) return;
    if (this.#history !== this.#entry.value.scaling) {
      const remembered: StoredAutoscaler = { ...present.value, scaling: this.#history };
      this.#tx.put(collection, key, remembered);
    }
    const entry = this.#tx.entry(collection, key) ?? present;
    putStatus(this.#tx, horizontalPodAutoscalers, entry, {
      ...(this.#lastScale !== undefined && { lastScaleTime: this.#lastScale }),
      currentReplicas,
      desiredReplicas,
      currentMetrics: this.#metrics ?? null,
      conditions: this.#conditions,
    });
  }

  #set(type: string, status: Condition['status'], reason: string, message: string): void {
    this.#conditions = withCondition(this.#conditions, { type, status, reason, message }, this.#now);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { cluster, object } = this.#entry.value;
    const component = 'horizontal-pod-autoscaler';
    recordEvent(this.#tx, this.#parts.context, cluster, object as KubeObject, {
      type,
      reason,
      message,
      component,
    });
  }
}
