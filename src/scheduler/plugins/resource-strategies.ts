import type { NodeInfo } from '../cache/node-info.js';
import type { FitArgs, ShapePoint } from '../framework/configuration.js';
import { maxNodeScore } from '../framework/normalize.js';

/** A resource that a score looks at. */
export interface Demand {
  readonly index: number;
  /** 0 for one that does not count for this pod. */
  readonly weight: number;
  /** What the pod would add. */
  readonly add: number;
  readonly used: (node: NodeInfo) => number;
}

/** Scores a node by what is left of it, or used of it, once the pod is there. */
type Strategy = (node: NodeInfo, demands: readonly Demand[]) => number;

/** The scoring strategy of NodeResourcesFitArgs. */
export function strategyOf(strategy: FitArgs['scoringStrategy']): Strategy {
  switch (strategy?.type ?? 'LeastAllocated') {
    case 'LeastAllocated':
      return weightedMean((used, all) => (used > all ? 0 : Math.floor(((all - used) * maxNodeScore) / all)));
    case 'MostAllocated':
      return weightedMean((used, all) => Math.floor((Math.min(used, all) * maxNodeScore) / all));
    case 'RequestedToCapacityRatio':
      return byShape(strategy?.requestedToCapacityRatio?.shape ?? []);
  }
}

/** The mean of the scores of resources that the node has, in whole numbers. */
function weightedMean(score: (used: number, all: number) => number): Strategy {
  return (node, demands) => {
    let sum = 0;
    let weights = 0;
    for (const { index, weight, add, used } of demands) {
      const all = node.allocatableOf(index);
      if (all === 0 || weight === 0) continue;
      sum += weight * score(used(node) + add, all);
      weights += weight;
    }
    return weights === 0 ? 0 : Math.floor(sum / weights);
  };
}

/** A line through points from utilisation to score: resources that score nothing do not count (RequestedToCapacityRatio). */
function byShape(shape: readonly ShapePoint[]): Strategy {
  const scoreOf = scoreByShape(shape);
  return (node, demands) => {
    let sum = 0;
    let weights = 0;
    for (const { index, weight, add, used } of demands) {
      const all = node.allocatableOf(index);
      if (weight === 0 || all === 0) continue;
      const wanted = used(node) + add;
      const score = scoreOf(wanted > all ? 100 : Math.floor((wanted * 100) / all));
      if (score <= 0) continue;
      sum += weight * score;
      weights += weight;
    }
    return weights === 0 ? 0 : Math.round(sum / weights);
  };
}

/** Scores a utilisation in percent by a shape; a shape's scores go to 10, those of nodes to 100. */
export function scoreByShape(shape: readonly ShapePoint[]): (utilization: number) => number {
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  return (utilization) => onLine(points, utilization);
}

/** The score at a utilisation: whole numbers between two points, the nearest point's outside of them. */
function onLine(points: readonly ShapePoint[], utilization: number): number {
  for (const [at, point] of points.entries()) {
    if (utilization > point.utilization) continue;
    const before = points[at - 1];
    if (!before) return point.score;
    const rise = (point.score - before.score) * (utilization - before.utilization);
    return before.score + Math.trunc(rise / (point.utilization - before.utilization));
  }
  return points.at(-1)?.score ?? 0;
}
