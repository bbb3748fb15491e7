import type { FastifyInstance } from 'fastify';
import { AzureError, applyLimits, parseLimits, quotas, shortages } from '../../../azure/index.js';
import type { ArmParts } from '../access.js';

/** Poolkeeper's own: what the subscription may use and what regions have left, to be read and changed while it runs. */
export function registerLimits(app: FastifyInstance, { world }: ArmParts): void {
  const { store, catalog } = world;
  const present = () => ({
    quota: store.list(quotas).filter(({ limit }) => limit !== undefined),
    shortages: store.list(shortages),
  });
  app.get('/poolkeeper/limits', present);
  app.put('/poolkeeper/limits', (request) => {
    const limits = readLimits(request.body);
    store.transact((tx) => applyLimits(tx, limits));
    return present();
  });

  function readLimits(body: unknown) {
    try {
      return parseLimits(body, catalog);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new AzureError({ status: 400, code: 'InvalidLimits', message: error.message, envelope: 'arm' });
    }
  }
}
