import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AzureError } from '../../azure/index.js';
import { createPool, updatePool } from '../fixtures.js';
import { agentPoolMembers } from '../schema/agent-pool.js';
import { parseAgentPoolBody } from './index.js';
import { renderAgentPool } from './render.js';

const member = fc.oneof(fc.constantFrom(...agentPoolMembers), fc.string());
const anyBody = fc.record({ properties: fc.dictionary(member, fc.jsonValue()) });

/** JSON as it arrives: the text form has no -0. */
const wireValue = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

/** Bodies of pools that AKS takes: a choice per member, each legal with every other. */
const legalPool = fc.record(
  {
    count: fc.integer({ min: 3, max: 1000 }),
    vmSize: fc.constantFrom('Standard_D4ds_v5', 'Standard_D8s_v5', 'Standard_D4as_v5', 'Standard_DS2_v2', ''),
    maxPods: fc.integer({ min: 10, max: 250 }),
    osSKU: fc.constantFrom('Ubuntu', 'Ubuntu2204', 'AzureLinux'),
    availabilityZones: fc.subarray(['1', '2', '3']),
    nodeLabels: fc.dictionary(
      fc.constantFrom('team', 'app.shop.io/tier', 'x'),
      fc.constantFrom('', 'a', 'B-1'),
    ),
    nodeTaints: fc.subarray(['a=b:NoSchedule', 'c=d:NoExecute', 'e:PreferNoSchedule']),
    tags: fc.dictionary(fc.constantFrom('owner', 'Cost Centre'), fc.string({ maxLength: 20 })),
    scaleSetPriority: fc.constantFrom('Regular', 'Spot'),
    enableEncryptionAtHost: fc.constant(false),
    scaleDownMode: fc.constantFrom('Delete', 'Deallocate'),
    future: wireValue,
  },
  { requiredKeys: ['count'] },
);

describe('any request', () => {
  test('is answered: with a pool or with a refusal of status 400, never with a crash', () => {
    fc.assert(
      fc.property(anyBody, ({ properties }) => {
        try {
          createPool(properties);
        } catch (error) {
          expect(error).toBeInstanceOf(AzureError);
          expect((error as AzureError).status).toBe(400);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('that is no object at all is refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.jsonValue())),
        (body) => {
          expect(() => parseAgentPoolBody(body)).toThrow(AzureError);
        },
      ),
    );
  });
});

describe('any legal pool', () => {
  test('put back as it was read changes nothing', () => {
    fc.assert(
      fc.property(legalPool, (members) => {
        const properties = createPool(members);
        const read = renderAgentPool({ id: '/p', cluster: '/c', name: 'np1', etag: 't', properties });
        const again = updatePool(properties, JSON.parse(JSON.stringify(read['properties'])) as object);
        expect(again.change).toEqual({ kind: 'reconcile' });
        expect(again.properties).toEqual(properties);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps what was asked for', () => {
    fc.assert(
      fc.property(legalPool, (members) => {
        const pool = createPool(members);
        expect(pool.count).toBe(members.count);
        if (members.maxPods !== undefined) expect(pool.maxPods).toBe(members.maxPods);
        for (const [key, value] of Object.entries(members.nodeLabels ?? {}))
          expect(pool.nodeLabels?.[key]).toBe(value);
        for (const taint of members.nodeTaints ?? []) expect(pool.nodeTaints).toContain(taint);
      }),
    );
  });
});
