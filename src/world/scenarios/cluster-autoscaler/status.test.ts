import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ScalingScenario } from './fixtures.js';

interface Shown {
  readonly time: string;
  readonly autoscalerStatus: string;
  readonly clusterWide: Conditions;
  readonly nodeGroups: readonly (Conditions & { readonly name: string })[];
}
type Conditions = Readonly<Record<'health' | 'scaleUp' | 'scaleDown', Readonly<Record<string, unknown>>>>;

function statusOf(scenario: ScalingScenario): { readonly status: Shown; readonly annotation: string } {
  const found = scenario.in('kube-system').get('configmaps', 'cluster-autoscaler-status') as unknown as {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
    readonly data: { readonly status: string };
  };
  return {
    status: parse(found.data.status) as Shown,
    annotation: found.metadata.annotations['cluster-autoscaler.kubernetes.io/last-updated'] ?? '',
  };
}

describe('the status ConfigMap', () => {
  test('says how the cluster and its groups are', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 4 } });
    const { status } = statusOf(scenario);
    const registered = { total: 1, ready: 1, notStarted: 0, unready: { total: 0, resourceUnready: 0 } };
    expect(status.autoscalerStatus).toBe('Running');
    expect(status.clusterWide.health).toMatchObject({
      status: 'Healthy',
      nodeCounts: { registered: { ...registered, total: 2, ready: 2 }, longUnregistered: 0, unregistered: 0 },
    });
    const [group] = status.nodeGroups;
    expect(group).toMatchObject({
      name: expect.stringMatching(/^aks-web-\d{8}-vmss$/) as string,
      health: {
        status: 'Healthy',
        nodeCounts: { registered, longUnregistered: 0, unregistered: 0 },
        cloudProviderTarget: 1,
        minSize: 1,
        maxSize: 4,
        lastTransitionTime: expect.stringMatching(/^2026-08-21 00:0\d:\d\d(\.\d+)? \+0000 UTC$/) as string,
      },
      scaleUp: { status: 'NoActivity' },
      scaleDown: { status: 'NoCandidates' },
    });
  });

  test('goes with the time without being written', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 4 } });
    const before = statusOf(scenario);
    const { revision } = scenario.cluster.world.store;
    scenario.cluster.pass(600);
    const after = statusOf(scenario);
    const passed = (from: string, to: string) =>
      (Date.parse(to.slice(0, 19)) - Date.parse(from.slice(0, 19))) / 1000;
    expect(passed(before.status.time, after.status.time)).toBe(600);
    expect(passed(before.annotation, after.annotation)).toBe(600);
    expect(after.status.clusterWide.health['lastProbeTime']).toBe(after.status.time);
    expect(after.status.clusterWide.health['lastTransitionTime']).toBe(
      before.status.clusterWide.health['lastTransitionTime'],
    );
    expect(scenario.cluster.world.store.revision).toBe(revision);
  });

  test.each([
    ['nodes are awaited', 3, {}, 'InProgress', undefined],
    [
      'the quota is used up',
      3,
      { quota: { westeurope: { standardDSv5Family: 8 } } },
      'Backoff',
      'cloudProviderError',
    ],
  ])('says so when %s', (_name, replicas, limits, expected, errorCode) => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 4 } });
    scenario.limit(limits);
    scenario.deploy('web', { replicas: 2 * replicas });
    scenario.cluster.pass(11);
    const [group] = statusOf(scenario).status.nodeGroups;
    const { status, backoffInfo } = (group?.scaleUp ?? {}) as {
      status?: string;
      backoffInfo?: { errorCode: string };
    };
    expect([status, backoffInfo?.errorCode]).toEqual([expected, errorCode]);
  });

  test('counts nodes that may go, and is gone with the autoscaler', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 4, count: 3 } });
    scenario.cluster.pass(60);
    expect(statusOf(scenario).status.clusterWide.scaleDown).toMatchObject({
      status: 'CandidatesPresent',
      candidates: 3,
    });
    scenario.cluster.addPool('web', 3, { enableAutoScaling: false, minCount: null, maxCount: null });
    scenario.cluster.pass(30);
    expect(scenario.in('kube-system').names('configmaps')).not.toContain('cluster-autoscaler-status');
  });
});
