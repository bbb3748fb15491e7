import { expect, test } from 'vitest';
import { replicasFor } from './ladder.js';

const coredns =
  '{"coresToReplicas":[[1,2],[512,3],[1024,4],[2048,5]],"nodesToReplicas":[[1,2],[8,3],[16,4],[32,5]]}';

test.each([
  // settings                                                      nodes cores replicas
  [{ ladder: coredns }, 0, 0, 2],
  [{ ladder: coredns }, 3, 12, 2],
  [{ ladder: coredns }, 7, 28, 2],
  [{ ladder: coredns }, 8, 32, 3],
  [{ ladder: coredns }, 8, 1024, 4],
  [{ ladder: coredns }, 5000, 20_000, 5],
  [{ ladder: '{"nodesToReplicas":[[16,4],[1,0]]}' }, 3, 12, 0],
  [{ ladder: '{"nodesToReplicas":"many"}' }, 3, 12, undefined],
  [{ ladder: 'ladder' }, 3, 12, undefined],
  [{ linear: '{"coresPerReplica":256,"nodesPerReplica":16}' }, 33, 132, 3],
  [{ linear: '{"nodesPerReplica":16,"min":2,"max":3}' }, 100, 400, 3],
  [{ linear: '{"nodesPerReplica":16,"preventSinglePointFailure":true}' }, 3, 12, 2],
  [undefined, 3, 12, undefined],
])('%j for %i nodes of %i cores: %s', (data, nodes, cores, replicas) => {
  expect(replicasFor(data, { nodes, cores })).toBe(replicas);
});
