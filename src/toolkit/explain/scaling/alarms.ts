import { scalingAlarms } from '../../../autoscaler/index.js';
import type { Exhaustion, ScalingAlarm } from '../../../autoscaler/index.js';
import { counted, listed } from '../amounts.js';
import { poolCommand } from '../changes/index.js';
import type { AlarmFinding } from './explanation.js';
import type { Scene } from './scene.js';
import { momentText } from './words.js';

/** What is exhausted now, as far as it concerns the pools that are asked about, and what would help. */
export function alarmsOf(scene: Scene): readonly AlarmFinding[] {
  const { reader, cluster, groups } = scene;
  const asked = new Set(groups.map(({ pool }) => pool));
  return reader
    .find(scalingAlarms, 'byCluster', cluster)
    .filter(
      ({ exhaustion }) => exhaustion.kind === 'cluster' || exhaustion.pools.some((one) => asked.has(one)),
    )
    .map((alarm) => alarmFinding(scene, alarm));
}

function alarmFinding(scene: Scene, { since, exhaustion, pods, example }: ScalingAlarm): AlarmFinding {
  const command = commandFor(scene, exhaustion, example);
  const waiting = `${counted(pods, 'pod')} ${pods === 1 ? 'waits' : 'wait'} since ${momentText(since)}`;
  return {
    since: momentText(since),
    pods,
    example,
    exhaustion,
    text: `${causeText(exhaustion)}: ${waiting}`,
    remedy: remedyText(exhaustion),
    ...(command !== undefined && { command }),
  };
}

const poolsText = (pools: readonly string[]): string =>
  `${pools.length === 1 ? 'Pool' : 'Pools'} ${listed(pools)}`;

function causeText(exhaustion: Exhaustion): string {
  switch (exhaustion.kind) {
    case 'pool':
      return `${poolsText(exhaustion.pools)} would do and ${exhaustion.pools.length === 1 ? 'is' : 'are'} at the maximum`;
    case 'cluster':
      return 'No pool would do, however many nodes it had';
    case 'subscription': {
      const { pools, scarce, message } = exhaustion;
      return `${poolsText(pools)} would do, but Azure gives no more VMs (${scarceTexts[scarce]}: ${message.replace(/[.\s]+$/, '')})`;
    }
  }
}

const scarceTexts = {
  quota: 'quota',
  subnet: 'addresses',
  capacity: 'capacity',
  other: 'refused',
} as const;

function remedyText(exhaustion: Exhaustion): string {
  switch (exhaustion.kind) {
    case 'pool':
      return exhaustion.pools.length === 1
        ? 'Raise the maximum of the pool'
        : 'Raise the maximum of one of the pools';
    case 'cluster':
      return 'Add a pool that takes the pods, or change what the pods ask for';
    case 'subscription':
      return remedies[exhaustion.scarce];
  }
}

const remedies = {
  quota: 'Request more quota, or use a size of a family that has some left',
  subnet: 'Use a larger subnet or pod CIDR, or fewer pods a node (both are set as a pool is made)',
  capacity: 'Use another size or another zone: a pool like it, as both are set as a pool is made',
  other: 'See what Azure says',
} as const;

/** What to run for it, where that can be said. */
function commandFor({ managed, groups }: Scene, exhaustion: Exhaustion, example: string): string | undefined {
  if (exhaustion.kind === 'pool') {
    const first = groups.find(({ pool }) => exhaustion.pools.includes(pool));
    if (!first) return undefined;
    const { pool, minSize, maxSize } = first;
    const bounds = `--min-count ${String(minSize)} --max-count ${String(maxSize + 1)}`;
    return poolCommand('update', managed, pool, `--update-cluster-autoscaler ${bounds}`);
  }
  if (exhaustion.kind === 'subscription') return undefined;
  const [namespace = '', name = ''] = example.split('/');
  return `poolkeeper explain pod ${name} -n ${namespace}`;
}
