import { StatusError, invalid } from '../api/status-error.js';
import { services } from '../kinds/index.js';
import type { Draft } from '../resource-type.js';
import { onCreate } from './plugin.js';

/** AKS's default service range is 10.0.0.0/16; its first addresses are the API server's and DNS's. */
const firstFree = 256;
const addresses = 65_536;
const nodePorts = { first: 30_000, last: 32_767 };

const ipOf = (index: number): string => `10.0.${String(index >> 8)}.${String(index & 255)}`;

/** Gives a service its cluster IP and node ports (Kubernetes: service allocators). */
export const serviceAddress = onCreate('ServiceAddress', [services], {
  mutate: ({ tx, type, scope, name, draft }, { seed }) => {
    const spec = draft['spec'] as Draft;
    if (spec['type'] === 'ExternalName') return;
    const used = (ip: string) => tx.count(services.collection, 'byClusterIp', `${scope.cluster}|${ip}`) > 0;
    const random = seed.stream(
      'service-address',
      `${scope.cluster}/${scope.namespace ?? ''}/${name}@${String(tx.revision)}`,
    );
    if (spec['clusterIP'] === undefined || spec['clusterIP'] === '') {
      let index = firstFree + random.int(addresses - firstFree - 1);
      while (used(ipOf(index))) index = index + 1 < addresses - 1 ? index + 1 : firstFree;
      spec['clusterIP'] = ipOf(index);
    } else if (typeof spec['clusterIP'] === 'string' && used(spec['clusterIP'])) {
      throw StatusError.invalid(type, name, [
        invalid(
          'spec.clusterIPs',
          [spec['clusterIP']],
          'failed to allocate IP: provided IP is already allocated',
        ),
      ]);
    }
    spec['clusterIPs'] = [spec['clusterIP']];
    if (spec['type'] !== 'NodePort' && spec['type'] !== 'LoadBalancer') return;
    for (const port of (spec['ports'] ?? []) as Draft[]) {
      port['nodePort'] ??= nodePorts.first + random.int(nodePorts.last - nodePorts.first);
    }
  },
});
