import { describe, expect, test } from 'vitest';
import { nodeMemories } from '../../../autoscaler/index.js';
import { ScalingScenario } from './fixtures.js';

/** A pool with nodes that a burst needed and that are not needed since a moment ago. */
function afterBurst(
  replicas = 14,
  left = 3,
  init: Parameters<typeof ScalingScenario.open>[1] = {},
): ScalingScenario {
  const scenario = ScalingScenario.open({ web: { min: 1, max: 10 } }, init);
  scenario.deploy('web', { replicas });
  scenario.cluster.pass(700);
  scenario.scale('web', left);
  return scenario;
}

describe('nodes that are not needed', () => {
  test('go ten minutes after they are no longer, ten at once when they are empty', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 20 } });
    scenario.deploy('web', { replicas: 45 });
    scenario.cluster.pass(700);
    expect(scenario.sizes).toEqual([15]);
    scenario.scale('web', 0);
    expect(scenario.sizesOver(700)).toEqual([
      [0, '15'],
      // Ten minutes after the loop that found them so have to be over at the next, then the taint has to be known for five seconds.
      [625, '5'],
      [635, '1'],
    ]);
    expect(scenario.told('ScaleDownEmpty')).toContainEqual(
      expect.stringMatching(/^Scale-down: empty node aks-web\\d* removed$|^Scale-down: empty node aks-web/),
    );
  });

  test('wait until ten minutes after nodes came', () => {
    const scenario = ScalingScenario.open({ web: { min: 0, max: 10 }, other: { min: 0, max: 3 } });
    scenario.deploy('web', { replicas: 3, pool: 'web' });
    scenario.cluster.pass(60);
    scenario.scale('web', 0);
    scenario.cluster.pass(500);
    scenario.deploy('other', { replicas: 1, pool: 'other' });
    const seen = scenario.sizesOver(800);
    expect(seen.map(([, sizes]) => sizes)).toEqual(['1 0', '1 1', '0 1']);
    const [, [grown] = [0], [gone] = [0]] = seen;
    expect(gone - grown).toBeGreaterThanOrEqual(600);
    expect(gone - grown).toBeLessThan(620);
  });

  test('with pods on them go one after the other, their pods having found another', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 10, count: 3 } });
    const names = scenario.nodesOf('web').map(({ metadata }) => metadata.name);
    for (const open of names) {
      for (const name of names)
        scenario.cluster.patch('nodes', name, { spec: { unschedulable: name !== open } });
      scenario.deploy(`on-${open.slice(-1)}`, { replicas: 1, pool: 'web' });
      scenario.cluster.pass(5);
    }
    for (const name of names) scenario.cluster.patch('nodes', name, { spec: { unschedulable: null } });
    // They were unneeded for five minutes before already. One is drained at a time, its pod is made again elsewhere, and the next
    // goes a scan interval later.
    expect(scenario.sizesOver(900)).toEqual([
      [0, '3'],
      [310, '2'],
      [320, '1'],
    ]);
    const drained = scenario.told('ScaleDown').filter((text) => text.endsWith('removed with drain'));
    expect([scenario.waiting, drained.length]).toEqual([0, 2]);
    expect(scenario.decisions.map(({ kind }) => kind)).toEqual(['scale-down', 'scale-down']);
  });

  test('stay as many as the minimum', () => {
    const scenario = ScalingScenario.open({ web: { min: 2, max: 10, count: 5 } });
    scenario.cluster.pass(1500);
    expect(scenario.sizes).toEqual([2]);
  });

  test('go from a pool down to none', () => {
    const scenario = ScalingScenario.open({ web: { min: 0, max: 10, count: 2 } });
    scenario.cluster.pass(1500);
    expect(scenario.sizes).toEqual([0]);
    // What is known of its nodes is kept in mind: it grows again as it was.
    scenario.deploy('web', { replicas: 3, pool: 'web' });
    scenario.cluster.pass(60);
    expect([scenario.sizes, scenario.waiting]).toEqual([[1], 0]);
  });

  test('are marked while they wait, and the mark goes when they are needed again', () => {
    const scenario = afterBurst();
    scenario.cluster.pass(60);
    const marked = () =>
      scenario
        .nodesOf('web')
        .filter(({ spec }) =>
          (spec['taints'] as { key: string }[] | undefined)?.some(({ key }) =>
            key.startsWith('DeletionCandidate'),
          ),
        ).length;
    expect(marked()).toBeGreaterThan(2);
    scenario.scale('web', 14);
    scenario.cluster.pass(60);
    expect(marked()).toBe(0);
    // Their time begins anew.
    scenario.scale('web', 0);
    expect(scenario.sizesOver(620)[1]?.[0] ?? 620).toBeGreaterThan(600);
  });
});

describe('a node stays for', () => {
  const blocked: readonly [string, string, (scenario: ScalingScenario) => void][] = [
    [
      'a pod of nobody',
      'NotReplicated',
      ({ cluster }) =>
        cluster.create('pods', {
          metadata: { name: 'bare' },
          spec: { nodeSelector: { agentpool: 'web' }, containers: [{ name: 'c', image: 'i:1' }] },
        }),
    ],
    [
      'a pod that is not safe to evict',
      'NotSafeToEvictAnnotation',
      (scenario) =>
        scenario.deploy('held', {
          replicas: 1,
          cpu: '100m',
          pool: 'web',
          annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
        }),
    ],
    [
      'a pod whose budget lets none go',
      'NotEnoughPdb',
      (scenario) => {
        scenario.deploy('kept', { replicas: 1, cpu: '100m', pool: 'web' });
        scenario.cluster.create('poddisruptionbudgets', {
          metadata: { name: 'kept' },
          spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'kept' } } },
        });
      },
    ],
    [
      'a pod of kube-system without a budget',
      'UnmovableKubeSystemPod',
      ({ cluster }) => {
        const labels = { app: 'system' };
        cluster.in('kube-system').create('deployments', {
          metadata: { name: 'system' },
          spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            template: {
              metadata: { labels },
              spec: { nodeSelector: { agentpool: 'web' }, containers: [{ name: 'c', image: 'i:1' }] },
            },
          },
        });
      },
    ],
    [
      'a pod with nowhere else to go',
      'NoPlaceToMovePods',
      (scenario) => {
        const podAntiAffinity = {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'apart' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        };
        scenario.deploy('apart', {
          replicas: 3,
          cpu: '100m',
          pool: 'web',
          spec: { affinity: { podAntiAffinity } },
        });
      },
    ],
  ];
  test.each(blocked)('%s (%s)', (_name, reason, put) => {
    const scenario = ScalingScenario.open({ web: { min: 0, max: 3, count: 3 } });
    put(scenario);
    scenario.cluster.pass(1500);
    const { store } = scenario.cluster.world;
    const reasons = store
      .list(nodeMemories)
      .map((one) => (one.kind === 'unremovable' ? [one.reason, one.pod ?? ''] : ['unneeded', '']));
    const found = reasons.some(([why]) => why === (reason === 'NoPlaceToMovePods' ? reason : 'BlockedByPod'));
    expect([found, scenario.sizes[0]]).toEqual([true, reason === 'NoPlaceToMovePods' ? 3 : 1]);
  });

  test('a pod with local storage, where the profile says so', () => {
    const scratch = { volumes: [{ name: 'scratch', emptyDir: {} }] };
    const sizes = ['false', 'true'].map((skip) => {
      const scenario = ScalingScenario.open(
        { web: { min: 0, max: 3, count: 2 } },
        { profile: { 'skip-nodes-with-local-storage': skip } },
      );
      // One node has to go for the other's pods to have a place.
      scenario.deploy('cache', { replicas: 2, cpu: '1', pool: 'web', spec: scratch });
      scenario.cluster.pass(1500);
      return scenario.sizes;
    });
    expect(sizes).toEqual([[1], [2]]);
  });

  test('a pod of kube-system without a budget, for an hour', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 3, count: 2 } });
    const labels = { app: 'system' };
    const spec = { nodeSelector: { agentpool: 'web' }, containers: [{ name: 'c', image: 'i:1' }] };
    const podAntiAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
        },
      ],
    };
    scenario.in('kube-system').create('deployments', {
      metadata: { name: 'system' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...spec, affinity: { podAntiAffinity } } },
      },
    });
    const [, [at = 0, sizes = ''] = []] = scenario.sizesOver(6000, 10);
    expect(sizes).toBe('1');
    // An hour, then ten minutes of not being needed; looked at again every five minutes.
    expect(at).toBeGreaterThan(3600 + 600);
    expect(at).toBeLessThan(3600 + 600 + 330);
  });

  test('its annotation', () => {
    const scenario = ScalingScenario.open({ web: { min: 0, max: 3, count: 2 } });
    const [node = ''] = scenario.nodesOf('web').map(({ metadata }) => metadata.name);
    const annotations = { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' };
    scenario.cluster.patch('nodes', node, { metadata: { annotations } });
    scenario.cluster.pass(1500);
    expect(scenario.nodesOf('web').map(({ metadata }) => metadata.name)).toEqual([node]);
  });
});

describe('an autoscaler that is started anew', () => {
  test('by a change of its profile has to find nodes unneeded anew, and takes its marks off', () => {
    const scenario = afterBurst(14, 0);
    scenario.cluster.pass(622);
    expect(scenario.nodesOf('web').some(({ spec }) => spec['unschedulable'] === true)).toBe(true);
    scenario.setProfile({ 'scan-interval': '20s' });
    scenario.cluster.pass(20);
    expect(scenario.nodesOf('web').some(({ spec }) => spec['unschedulable'] === true)).toBe(false);
    expect(scenario.told('ClusterAutoscalerCleanup')[0]).toContain(
      'removed ToBeDeletedByClusterAutoscaler taint',
    );
    const seen = scenario.sizesOver(700);
    expect(seen[1]?.[0]).toBeGreaterThan(570);
  });

  test('with its world goes on where it was', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const data = mkdtempSync('/tmp/poolkeeper-scaling-');
    try {
      const alone = afterBurst(14, 0);
      alone.cluster.pass(1000);
      const scenario = afterBurst(14, 0, { data });
      for (const seconds of [300, 312, 5, 1, 382]) {
        scenario.cluster.pass(seconds);
        await scenario.reopen({ data });
      }
      expect(scenario.sizes).toEqual(alone.sizes);
      expect(scenario.sizes).toEqual([1]);
      expect(scenario.decisions.map(({ kind, at }) => [kind, at])).toEqual(
        alone.decisions.map(({ kind, at }) => [kind, at]),
      );
      await scenario.cluster.world.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});
