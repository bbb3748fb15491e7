import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPoolkeeper } from '../../src/index.js';
import type { Poolkeeper } from '../../src/index.js';
import { send, signIn } from './http-client.js';

let poolkeeper: Poolkeeper;
let headers: { readonly authorization: string };
beforeAll(async () => {
  poolkeeper = await startPoolkeeper({ mode: { kind: 'virtual' } });
  headers = await signIn(poolkeeper);
});
afterAll(() => poolkeeper.stop());

const segment = fc.oneof(
  fc.constantFrom(
    'subscriptions',
    'SUBSCRIPTION',
    'resourceGroups',
    'rg1',
    'providers',
    'Microsoft.ContainerService',
    'Microsoft.Network',
    'Microsoft.Compute',
    'managedClusters',
    'c1',
    'agentPools',
    'np1',
    'virtualNetworks',
    'subnets',
    'locations',
    'operations',
    'adfs',
    'oauth2',
    'token',
    'metadata',
    'endpoints',
    'poolkeeper',
    'limits',
    '%00',
    '%zz',
    '..',
    '',
  ),
  fc.webSegment(),
);
const known = fc.constantFrom(
  '/subscriptions/SUBSCRIPTION/resourceGroups/rg1',
  '/subscriptions/SUBSCRIPTION/resourceGroups/rg1/providers/Microsoft.ContainerService/managedClusters/c1',
  '/subscriptions/SUBSCRIPTION/resourceGroups/rg1/providers/Microsoft.ContainerService/managedClusters/c1/agentPools/np1',
  '/subscriptions/SUBSCRIPTION/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v1',
  '/subscriptions/SUBSCRIPTION/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v1/subnets/s1',
  '/poolkeeper/limits',
  '/adfs/oauth2/token',
);
const path = fc.oneof(
  known,
  fc.array(segment, { maxLength: 10 }).map((segments) => `/${segments.join('/')}`),
);
const members = fc.constantFrom(
  'location',
  'properties',
  'tags',
  'sku',
  'identity',
  'addressSpace',
  'subnets',
  'quota',
);
const body = fc.oneof(
  fc.constant(undefined),
  fc.string(),
  fc.json(),
  fc.dictionary(members, fc.jsonValue()).map((value) => JSON.stringify(value)),
  fc.dictionary(members, fc.jsonValue()).map((value) => JSON.stringify({ location: 'westeurope', ...value })),
);
const query = fc.constantFrom(
  '?api-version=2026-06-01',
  '',
  '?api-version=',
  '?API-VERSION=2026-06-01&%ff',
  '?$filter=%27',
);
const method = fc.constantFrom('GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS');
const type = fc.constantFrom(
  'application/json',
  'application/x-www-form-urlencoded',
  'text/plain',
  'nonsense',
);

describe('no request', () => {
  test('makes the server fail: each is answered, and a refusal says why', async () => {
    await fc.assert(
      fc.asyncProperty(path, query, method, type, body, async (p, q, m, contentType, content) => {
        const answer = await send(poolkeeper, {
          method: m,
          path: p.replaceAll('SUBSCRIPTION', poolkeeper.subscriptionId) + q,
          headers: { ...headers, 'content-type': contentType },
          ...(content !== undefined && m !== 'GET' && m !== 'HEAD' && { body: content }),
        });
        expect(answer.status).toBeLessThan(500);
        expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.js:\d+/);
        if (answer.status >= 400 && m !== 'HEAD') {
          expect(answer.body).toEqual(
            expect.toSatisfy((value: Record<string, unknown>) => 'error' in value || 'code' in value),
          );
        }
      }),
      { numRuns: 1500 },
    );
  });
});
