import { expect, test } from 'vitest';
import { milliValue, quantityValue } from '../../../units/index.js';
import { bareCluster } from '../profile.js';
import type { ClusterProfile } from '../profile.js';
import { systemWorkloads } from './index.js';

const profile = (network: Partial<ClusterProfile['network']> = {}): ClusterProfile => ({
  ...bareCluster,
  systemWorkloads: 'all',
  network: { ...bareCluster.network, ...network },
});

interface Body {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly image: string;
          readonly resources: { readonly requests?: Readonly<Record<string, string>> };
        }[];
      };
    };
  };
}

const named = (kind: string, of: ClusterProfile): readonly string[] =>
  systemWorkloads(of)
    .filter(({ type, name }) => type.kind === kind && !/-win(dows)?$/.test(name))
    .map(({ name }) => name)
    .sort();

const everywhere = ['cloud-node-manager', 'csi-azuredisk-node', 'csi-azurefile-node'];

test.each<[string, Partial<ClusterProfile['network']>, string[]]>([
  ['Azure CNI', {}, ['azure-cns', 'azure-ip-masq-agent', 'kube-proxy']],
  ['kubenet', { plugin: 'kubenet' }, ['azure-ip-masq-agent', 'kube-proxy']],
  ["a plugin of one's own", { plugin: 'none' }, ['kube-proxy']],
  ['Cilium', { dataplane: 'cilium', policy: 'cilium' }, ['azure-cns', 'azure-ip-masq-agent', 'cilium']],
  ["Azure's policies", { policy: 'azure' }, ['azure-cns', 'azure-ip-masq-agent', 'azure-npm', 'kube-proxy']],
  ['Calico', { policy: 'calico' }, ['azure-cns', 'azure-ip-masq-agent', 'calico-node', 'kube-proxy']],
])('daemons with %s', (_case, network, daemons) => {
  expect(named('DaemonSet', profile(network))).toEqual([...daemons, ...everywhere].sort());
});

test('images follow the version', () => {
  const images = (kubernetesVersion: string) =>
    systemWorkloads({ ...profile(), kubernetesVersion }).flatMap((manifest) =>
      manifest.type.kind === 'DaemonSet'
        ? (manifest.draft() as unknown as Body).spec.template.spec.containers.map(({ image }) => image)
        : [],
    );
  expect(images('1.34.2')).toContain('mcr.microsoft.com/oss/v2/kubernetes/kube-proxy:v1.34.2');
  expect(images('1.32.9')).not.toEqual(images('1.34.2'));
});

test('the daemons ask for a third of a core and half a gibibyte of a node', () => {
  const sum = { cpu: 0, memory: 0 };
  for (const { type, name, draft } of systemWorkloads(profile())) {
    if (type.kind !== 'DaemonSet' || /-win(dows)?$/.test(name)) continue;
    for (const { resources } of (draft() as unknown as Body).spec.template.spec.containers) {
      sum.cpu += milliValue(resources.requests?.['cpu'] ?? '0');
      sum.memory += quantityValue(resources.requests?.['memory'] ?? '0') / 2 ** 20;
    }
  }
  expect(sum).toEqual({ cpu: 300, memory: 456 });
});
