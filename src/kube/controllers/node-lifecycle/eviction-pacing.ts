import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { toKubeTime } from '../../kube-time.js';
import { nodeCondition, nodes, withTaints } from '../../nodes/index.js';
import type { ClusterNode } from '../../nodes/index.js';
import type { ControllerParts } from '../controller.js';
import { evictionTaint, evictionTaints } from './health.js';
import { nodeZones } from './records.js';
import type { NodeZone } from './records.js';
import { changedPace, disruptionOf, evictionInterval, initialPace } from './zones.js';
import type { Disruption } from './zones.js';

/** A zone as it was last looked at, and how its nodes are now. */
interface Observed {
  readonly row: NodeZone;
  readonly disruption: Disruption;
  readonly nodes: number;
}

/**
 * Taints nodes that are not ready so that their pods are evicted, one after the other in each zone, more slowly or not at
 * all where much of a zone is down, and not at all while every zone is (Kubernetes: node controller, rate limits on
 * eviction).
 */
export class EvictionPacing {
  readonly #parts: ControllerParts;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
  }

  /**
   * Brings the zones of a cluster up to date and taints the nodes whose turn it is; `touched` names zones that may be new.
   *
   * @returns when the next node may be tainted, if one waits.
   */
  advance(tx: Transaction, cluster: string, touched: ReadonlySet<string>): Instant | undefined {
    const known = tx.find(nodeZones, 'byCluster', cluster);
    const observed = this.#observe(tx, cluster, known, touched);
    const paced = this.#repace(tx, cluster, observed);
    const coming = paced.map((zone) => this.#taintNext(tx, zone)).filter((next) => next !== undefined);
    return coming.length === 0 ? undefined : instant(Math.min(...coming));
  }

  #observe(
    tx: Transaction,
    cluster: string,
    known: readonly NodeZone[],
    touched: ReadonlySet<string>,
  ): readonly Observed[] {
    const now = this.#parts.clock.now();
    const rows = new Map(known.map((row) => [row.zone, row]));
    for (const zone of touched) {
      if (!rows.has(zone)) rows.set(zone, { cluster, zone, disruption: 'initial', ...initialPace(now) });
    }
    return [...rows.values()].flatMap((row) => {
      const all = tx.count(nodes, 'byZone', row.zone);
      const notReady = tx.count(nodes, 'notReadyByZone', row.zone);
      if (all > 0) return [{ row, disruption: disruptionOf(all - notReady, notReady), nodes: all }];
      tx.delete(nodeZones, row.zone);
      return [];
    });
  }

  /** Changes the pace of zones that are otherwise than before; of all, when all go down or one comes back. */
  #repace(tx: Transaction, cluster: string, zones: readonly Observed[]): readonly NodeZone[] {
    const now = this.#parts.clock.now();
    const wasDown = zones.every(({ row }) => row.disruption === 'full');
    const isDown = zones.every(({ disruption }) => disruption === 'full');
    if (isDown && !wasDown) this.#spareAll(tx, cluster);
    return zones.map(({ row, disruption, nodes: count }) => {
      const isSame = isDown ? wasDown : !wasDown && row.disruption === disruption;
      if (isSame) return row;
      const interval = isDown ? undefined : evictionInterval(disruption, count);
      const changed = { cluster, zone: row.zone, disruption, ...changedPace(row, interval, now) };
      tx.put(nodeZones, row.zone, changed);
      return changed;
    });
  }

  /** When no node is ready, the fault is more likely here than there: nothing is evicted any more. */
  #spareAll(tx: Transaction, cluster: string): void {
    for (const { key, value } of tx.findEntries(nodes, 'byCluster', cluster)) {
      const object = withTaints(value.object, { removed: evictionTaints });
      if (object !== value.object) tx.put(nodes, key, { ...value, object });
    }
  }

  /** Taints the node of a zone that has waited longest, if one may be by now; tells when the next may be. */
  #taintNext(tx: Transaction, row: NodeZone): Instant | undefined {
    const { interval, nextAt } = row;
    if (interval === undefined || nextAt === undefined) return undefined;
    const count = tx.count(nodes, 'awaitingEviction', row.zone);
    if (count === 0) return undefined;
    const now = this.#parts.clock.now();
    if (nextAt > now) return nextAt;
    this.#taint(tx, tx.findEntries(nodes, 'awaitingEviction', row.zone).reduce(longerWaiting));
    const next = instant(now + interval);
    tx.put(nodeZones, row.zone, { ...row, nextAt: next });
    return count > 1 ? next : undefined;
  }

  #taint(tx: Transaction, { key, value }: Versioned<ClusterNode>): void {
    const taint = evictionTaint(value.object);
    if (!taint) return;
    const added = [{ ...taint, timeAdded: toKubeTime(this.#parts.clock.now()) }];
    tx.put(nodes, key, { ...value, object: withTaints(value.object, { added }) });
  }
}

const notReadySince = ({ value }: Versioned<ClusterNode>): string =>
  nodeCondition(value.object, 'Ready')?.lastTransitionTime ?? '';

const longerWaiting = (a: Versioned<ClusterNode>, b: Versioned<ClusterNode>): Versioned<ClusterNode> =>
  notReadySince(b) < notReadySince(a) ? b : a;
