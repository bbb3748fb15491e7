import { describe, expect, test } from 'vitest';
import { createPool, testCatalog, testClusterContext, testDay } from '../fixtures.js';
import { parseManagedClusterBody, resolveNewManagedCluster } from '../managed-cluster/index.js';
import { instant } from '../../units/index.js';
import {
  compareVersions,
  defaultVersion,
  knownVersion,
  offeredVersions,
  parseVersion,
  poolUpgradesFrom,
  upgradesFrom,
} from './index.js';
import {
  renderAgentPoolUpgradeProfile,
  renderAvailableAgentPoolVersions,
  renderClusterUpgradeProfile,
  renderKubernetesVersions,
  renderOrchestrators,
} from './render.js';

const day = (iso: string) => instant(Date.parse(iso));
const minors = (iso: string, plan: 'KubernetesOfficial' | 'AKSLongTermSupport') => [
  ...new Set(
    offeredVersions(day(iso))
      .filter(({ plans }) => plans.includes(plan))
      .map(({ minor }) => minor),
  ),
];

describe('a version', () => {
  test.each([
    ['1.35', { major: 1, minor: 35 }],
    ['1.35.6', { major: 1, minor: 35, patch: 6 }],
    ['1', undefined],
    ['v1.35', undefined],
    ['1.35.6-preview', undefined],
    ['', undefined],
  ])('%s parses to %j', (text, version) => expect(parseVersion(text)).toEqual(version));

  test('orders by number, not by text', () => {
    expect(compareVersions(knownVersion('1.9.10'), knownVersion('1.10.0'))).toBeLessThan(0);
    expect(compareVersions(knownVersion('1.35.10'), knownVersion('1.35.9'))).toBeGreaterThan(0);
  });
});

describe('offered versions', () => {
  test.each([
    // day, minors in standard support
    ['2025-09-01', ['1.31', '1.32', '1.33']],
    ['2026-06-01', ['1.33', '1.34', '1.35']],
    ['2026-08-21', ['1.34', '1.35', '1.36']],
    ['2026-11-24', ['1.34', '1.35', '1.36']],
  ])('on %s are %j', (iso, expected) => expect(minors(iso, 'KubernetesOfficial')).toEqual(expected));

  test('under long-term support are older ones too', () => {
    expect(minors('2026-08-21', 'AKSLongTermSupport')).toEqual([
      '1.31',
      '1.32',
      '1.33',
      '1.34',
      '1.35',
      '1.36',
    ]);
  });

  test.each([
    ['2026-08-21', '1.35.6'],
    ['2026-05-01', '1.34.6'],
    ['2025-09-01', '1.32.7'],
  ])('on %s the default is %s', (iso, version) => expect(defaultVersion(day(iso)).version).toBe(version));
});

describe('upgrades', () => {
  test.each([
    // from, plan, to
    ['1.35.6', 'KubernetesOfficial', ['1.36.2']],
    ['1.35.5', 'KubernetesOfficial', ['1.35.6', '1.36.2']],
    ['1.36.2', 'KubernetesOfficial', []],
    ['1.31.13', 'AKSLongTermSupport', ['1.32.5', '1.32.6', '1.32.7', '1.32.10', '1.32.11']],
    [
      '1.30.14',
      'KubernetesOfficial',
      ['1.34.2', '1.34.3', '1.34.4', '1.34.5', '1.34.6', '1.34.7', '1.34.8', '1.34.9'],
    ],
  ] as const)('from %s under %s lead to %j', (from, plan, to) => {
    expect(upgradesFrom(from, plan, testDay).map(({ version }) => version)).toEqual(to);
  });

  test('of a pool end at the control plane', () => {
    const to = poolUpgradesFrom('1.34.9', '1.35.2', 'KubernetesOfficial', testDay).map(
      ({ version }) => version,
    );
    expect(to).toEqual(['1.35.1', '1.35.2']);
  });

  test('of a pool include a control plane version that is no longer offered', () => {
    expect(poolUpgradesFrom('1.28.5', '1.30.99', 'KubernetesOfficial', testDay)).toEqual([
      { version: '1.30.99', isPreview: false },
    ]);
  });
});

const { cluster: draft } = resolveNewManagedCluster(
  parseManagedClusterBody({
    location: 'westeurope',
    properties: {
      dnsPrefix: 'shop',
      agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }],
    },
  }),
  testClusterContext,
);
const cluster = { ...draft, etag: 't' };
const pool = {
  id: '/pools/np1',
  cluster: '/c',
  name: 'np1',
  etag: 't',
  properties: createPool({ orchestratorVersion: '1.34.9' }),
};

describe('answers about versions', () => {
  test('kubernetesVersions has an entry per minor, newest first', () => {
    const { values } = renderKubernetesVersions(testDay) as { values: readonly { version: string }[] };
    expect(values.map(({ version }) => version).slice(0, 3)).toEqual(['1.36', '1.35', '1.34']);
    expect(values[1]).toMatchObject({
      version: '1.35',
      isDefault: true,
      isPreview: false,
      capabilities: { supportPlan: ['KubernetesOfficial', 'AKSLongTermSupport'] },
      patchVersions: { '1.35.6': { upgrades: ['1.36.2'] } },
    });
  });

  test('orchestrators lists each patch with its upgrades', () => {
    const body = renderOrchestrators('s', 'westeurope', testDay) as {
      properties: { orchestrators: readonly object[] };
    };
    expect(body.properties.orchestrators).toContainEqual({
      orchestratorType: 'Kubernetes',
      orchestratorVersion: '1.35.6',
      default: true,
      upgrades: [{ orchestratorType: 'Kubernetes', orchestratorVersion: '1.36.2' }],
    });
  });

  test("a cluster's upgrade profile", () => {
    expect(renderClusterUpgradeProfile(cluster, [pool], testDay)).toMatchObject({
      properties: {
        controlPlaneProfile: {
          kubernetesVersion: '1.35.6',
          osType: 'Linux',
          upgrades: [{ kubernetesVersion: '1.36.2', isPreview: false }],
        },
        agentPoolProfiles: [{ name: 'np1', kubernetesVersion: '1.34.9' }],
      },
    });
  });

  test("a pool's upgrade profile, without upgrades when it is current", () => {
    const context = { catalog: testCatalog, today: testDay };
    const current = { ...pool, properties: createPool({}) };
    expect(renderAgentPoolUpgradeProfile(current, cluster, context)).toEqual({
      id: '/pools/np1/upgradeProfiles/default',
      name: 'default',
      type: 'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
      properties: {
        kubernetesVersion: '1.35.6',
        osType: 'Linux',
        latestNodeImageVersion: 'AKSUbuntu-2404gen2containerd-202607.09.0',
      },
    });
    expect(renderAgentPoolUpgradeProfile(pool, cluster, context)['properties']).toHaveProperty('upgrades');
  });

  test('versions for a new pool are none newer than the control plane, the default its own', () => {
    const body = renderAvailableAgentPoolVersions(cluster, testDay) as {
      properties: { agentPoolVersions: readonly { kubernetesVersion: string; default?: boolean }[] };
    };
    const versions = body.properties.agentPoolVersions;
    expect(versions[0]).toEqual({ default: true, kubernetesVersion: '1.35.6', isPreview: false });
    expect(versions.map(({ kubernetesVersion }) => kubernetesVersion)).not.toContain('1.36.2');
  });
});
