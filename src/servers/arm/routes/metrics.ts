import type { FastifyInstance } from 'fastify';
import { autoscalerMetrics } from '../../../autoscaler/index.js';
import { managedClusters } from '../../../nodepools/index.js';
import { authenticate } from '../access.js';
import type { ArmParts } from '../access.js';
import { prometheusText, prometheusType } from '../prometheus-text.js';

/** What autoscalers measure, for Prometheus: whoever may sign in may read it. It asks for no api-version. */
export function registerMetrics(app: FastifyInstance, parts: ArmParts): void {
  const { store, cloud, clock } = parts.world;
  app.get('/metrics', async (request, reply) => {
    await authenticate(request, parts);
    const metrics = autoscalerMetrics(store, cloud, clock.now(), nameOf);
    return reply.type(prometheusType).send(prometheusText(metrics));
  });

  /** Its own name where that is enough to tell it from others, else with its resource group. */
  function nameOf(cluster: string): string {
    const all = store.list(managedClusters);
    const found = store.get(managedClusters, cluster);
    if (!found) return cluster;
    const namesakes = all.filter(({ name }) => name === found.name);
    return namesakes.length === 1 ? found.name : `${found.resourceGroup}/${found.name}`;
  }
}
