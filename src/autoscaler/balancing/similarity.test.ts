import { describe, expect, test } from 'vitest';
import type { ResourceList } from '../../kube/index.js';
import type { GroupTemplate } from '../estimator/index.js';
import { node, pod } from '../fixtures.js';
import { areSimilar } from './similarity.js';
import type { LabelRules } from './similarity.js';

/** What differs from a node of 4 cores and 16 GiB in a pool of its own. */
interface Draft {
  readonly capacity?: ResourceList;
  readonly allocatable?: ResourceList;
  readonly labels?: Readonly<Record<string, string>>;
  /** What the daemons on it ask for. */
  readonly daemons?: { readonly cpu?: string; readonly memory?: string };
  readonly gpuDaemon?: boolean;
}

function template({ capacity, allocatable, labels, daemons = {}, gpuDaemon }: Draft = {}): GroupTemplate {
  const { metadata, ...rest } = node('template', { labels: { team: 'web', ...labels } });
  const gpus = { containers: [{ name: 'c', resources: { requests: { 'nvidia.com/gpu': '1' } } }] };
  return {
    node: {
      ...rest,
      metadata,
      status: {
        capacity: { cpu: '4', memory: '16Gi', pods: '110', ...capacity },
        allocatable: { cpu: '3800m', memory: '13Gi', pods: '110', ...allocatable },
      },
    },
    pods: [pod('daemon', daemons), ...(gpuDaemon ? [pod('gpu', { spec: gpus })] : [])],
  };
}

describe('node groups are', () => {
  test.each<[string, Draft, Draft, 'similar' | 'different', LabelRules?]>([
    ['of one size', {}, {}, 'similar'],
    [
      'of one pool',
      { labels: { 'kubernetes.azure.com/agentpool': 'a' } },
      { labels: { 'kubernetes.azure.com/agentpool': 'a', team: 'x' }, capacity: { cpu: '8' } },
      'similar',
    ],
    [
      'of one pool by the former label',
      { labels: { agentpool: 'a' } },
      { labels: { agentpool: 'a' }, capacity: { cpu: '8' } },
      'similar',
    ],
    [
      'of pools without a name',
      { labels: { agentpool: '' } },
      { labels: { agentpool: '' }, capacity: { cpu: '8' } },
      'different',
    ],
    [
      'of other pools',
      { labels: { agentpool: 'a', 'kubernetes.azure.com/agentpool': 'a' } },
      { labels: { agentpool: 'b', 'kubernetes.azure.com/agentpool': 'b' } },
      'similar',
    ],
    ['of more cores', {}, { capacity: { cpu: '4001m' } }, 'different'],
    ['of as many cores, written otherwise', {}, { capacity: { cpu: '4000m' } }, 'similar'],
    [
      'of a little less memory',
      { capacity: { memory: '1000Mi' } },
      { capacity: { memory: '985Mi' } },
      'similar',
    ],
    ['of less memory', { capacity: { memory: '1000Mi' } }, { capacity: { memory: '984Mi' } }, 'different'],
    ['of more places for pods', {}, { capacity: { pods: '111' } }, 'different'],
    ['with a resource that the other lacks', {}, { capacity: { 'nvidia.com/gpu': '1' } }, 'different'],
    [
      'with a little less for pods',
      { allocatable: { cpu: '4' } },
      { allocatable: { cpu: '3800m' } },
      'similar',
    ],
    ['with less for pods', { allocatable: { cpu: '4' } }, { allocatable: { cpu: '3799m' } }, 'different'],
    [
      'with something for pods that the other lacks',
      {},
      { allocatable: { 'hugepages-2Mi': '0' } },
      'different',
    ],
    [
      'with a little less left by daemons',
      { daemons: { cpu: '1800m' } },
      { daemons: { cpu: '1900m' } },
      'similar',
    ],
    ['with less left by daemons', { daemons: { cpu: '1800m' } }, { daemons: { cpu: '1901m' } }, 'different'],
    [
      'with less memory left by daemons',
      { daemons: { memory: '3Gi' } },
      { daemons: { memory: '4Gi' } },
      'different',
    ],
    ['with daemons that ask for something else', {}, { gpuDaemon: true }, 'different'],
    ['with another label', {}, { labels: { team: 'data' } }, 'different'],
    ['with a further label', {}, { labels: { tier: 'x' } }, 'different'],
    [
      'with another label that is not looked at',
      {},
      { labels: { team: 'data' } },
      'similar',
      { ignored: ['team'] },
    ],
    [
      'with the same of the only labels looked at',
      { labels: { a: '1' } },
      { labels: { a: '1' }, capacity: { cpu: '8' } },
      'similar',
      { alone: ['a', 'none'] },
    ],
    [
      'with others of the only labels looked at',
      { labels: { a: '1' } },
      { labels: { a: '2' } },
      'different',
      { alone: ['a'] },
    ],
    [
      'of one pool, with others of the only labels looked at',
      { labels: { agentpool: 'p', a: '1' } },
      { labels: { agentpool: 'p' } },
      'different',
      { alone: ['a'] },
    ],
  ])('%s', (_, one, other, expected, rules) => {
    const both = [template(one), template(other)] as const;
    expect(areSimilar(both[0], both[1], rules)).toBe(expected === 'similar');
    expect(areSimilar(both[1], both[0], rules)).toBe(expected === 'similar');
  });

  test.each([
    'kubernetes.io/hostname',
    'failure-domain.beta.kubernetes.io/zone',
    'failure-domain.beta.kubernetes.io/region',
    'topology.kubernetes.io/zone',
    'topology.kubernetes.io/region',
    'beta.kubernetes.io/fluentd-ds-ready',
    'kops.k8s.io/instancegroup',
    'agentpool',
    'kubernetes.azure.com/agentpool',
    'topology.disk.csi.azure.com/zone',
    'aksEngineVersion',
    'creationSource',
    'poolName',
    'resourceNameSuffix',
    'kubernetes.azure.com/node-image-version',
    'kubernetes.azure.com/consolidated-additional-properties',
  ])('similar whatever %s says', (label) => {
    const one = template({ labels: { [label]: 'one' } });
    expect(areSimilar(one, template({ labels: { [label]: 'other' } }))).toBe(true);
    expect(areSimilar(one, template())).toBe(true);
  });
});
