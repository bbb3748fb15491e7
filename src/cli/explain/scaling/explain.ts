import { parseDuration } from '../../../kube/index.js';
import { isScalingWell } from '../../../toolkit/index.js';
import type { ScalingExplanation } from '../../../toolkit/index.js';
import { UsageError } from '../../usage-error.js';
import { askServer } from '../ask.js';
import { formatOf, printed } from '../format.js';
import { scalingText } from './text.js';

/** The flags of `poolkeeper explain scaling`. */
export interface ScalingFlags {
  readonly pool?: string;
  readonly resourceGroup?: string;
  readonly clusterName?: string;
  readonly since?: string;
  readonly limit?: string;
  readonly output: string;
}

/** Explains what a cluster's autoscaler did and waits for. @returns the exit code: 1 when pods wait for what nobody gives, else 0 */
export async function explainScalingOf(flags: ScalingFlags): Promise<0 | 1> {
  const output = formatOf(flags.output);
  const { pool, resourceGroup, clusterName: cluster, since, limit } = flags;
  const question = {
    pool,
    resourceGroup,
    cluster,
    ...(since !== undefined && { sinceSeconds: secondsOf(since) }),
    ...(limit !== undefined && { limit: countOf(limit) }),
  };
  const explanation = (await askServer('explain/scaling', question)) as ScalingExplanation;
  process.stdout.write(printed(explanation, output, (layout) => scalingText(explanation, layout)));
  return isScalingWell(explanation.verdict.kind) ? 0 : 1;
}

function secondsOf(text: string): number {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined || nanoseconds <= 0)
    throw new UsageError(`argument --since: '${text}' is no span of time, e.g. 90s, 30m or 1h30m`);
  return Math.ceil(nanoseconds / 1e9);
}

function countOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UsageError(`argument --limit: '${text}' is no whole number above 0`);
  return Number(text);
}
