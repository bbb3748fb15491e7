import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setQuotaLimit } from '../../src/azure/index.js';
import { startPoolkeeper } from '../../src/index.js';
import type { Poolkeeper } from '../../src/index.js';
import { send, signIn } from './http-client.js';
import type { Request } from './http-client.js';

let poolkeeper: Poolkeeper;
let token: { readonly authorization: string };
let reader: { readonly authorization: string };

const version = 'api-version=2026-06-01';
const subscription = () => `/subscriptions/${poolkeeper.subscriptionId}`;
const provider = () => `${subscription()}/resourceGroups/rg1/providers/Microsoft.ContainerService`;
const cluster = (name = 'shop') => `${provider()}/managedClusters/${name}`;
const pool = (name = 'np1') => `${cluster()}/agentPools/${name}`;

const call = (request: Request, headers: Readonly<Record<string, string>> = token) =>
  send(poolkeeper, { ...request, headers: { ...headers, ...request.headers } });
const poolBody = (properties: object) => ({
  properties: { mode: 'User', count: 1, vmSize: 'Standard_D4s_v5', ...properties },
});
const clusterBody = (properties: object = {}) => ({
  location: 'westeurope',
  properties: {
    dnsPrefix: 'c',
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' }],
    ...properties,
  },
});

beforeAll(async () => {
  poolkeeper = await startPoolkeeper({ mode: { kind: 'virtual' } });
  token = await signIn(poolkeeper);
  reader = await signIn(poolkeeper, poolkeeper.readerCredentials);
  await call({
    method: 'PUT',
    path: `${subscription()}/resourcegroups/rg1?${version}`,
    body: { location: 'westeurope' },
  });
  await call({ method: 'PUT', path: `${cluster()}?${version}`, body: clusterBody() });
  poolkeeper.clock.runUntilIdle();
  await call({ method: 'PUT', path: `${pool()}?${version}`, body: poolBody({}) });
  poolkeeper.clock.runUntilIdle();
  const network = { properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } };
  await call({
    method: 'PUT',
    path: `${subscription()}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v1?${version}`,
    body: network,
  });
  // A region with so little quota that two nodes of four vCPUs are too many.
  poolkeeper.world.store.transact((tx) => setQuotaLimit(tx, 'northeurope', 'cores', 6));
});
afterAll(() => poolkeeper.stop());

const codeOf = (body: unknown): unknown => {
  const { error, code } = body as { error?: { code?: unknown }; code?: unknown };
  return error?.code ?? code;
};

type Row = readonly [name: string, request: () => Request, status: number, code: string];

describe('a pool that AKS refuses', () => {
  const put =
    (name: string, properties: object): (() => Request) =>
    () => ({
      method: 'PUT',
      path: `${pool(name)}?${version}`,
      body: poolBody(properties),
    });
  test.each<Row>([
    ['name in capitals', put('NP2', {}), 400, 'InvalidParameter'],
    ['name too long', put('abcdefghijklm', {}), 400, 'InvalidParameter'],
    ['name starts with a digit', put('1np', {}), 400, 'InvalidParameter'],
    ['count below 0', put('np2', { count: -1 }), 400, 'InvalidParameter'],
    ['count above 1000', put('np2', { count: 1001 }), 400, 'InvalidParameter'],
    ['count is text', put('np2', { count: 'three' }), 400, 'UnmarshalError'],
    ['System pool of 0', put('np2', { mode: 'System', count: 0 }), 400, 'InvalidParameter'],
    ['unknown mode', put('np2', { mode: 'Main' }), 400, 'InvalidParameter'],
    ['unknown size', put('np2', { vmSize: 'Standard_None' }), 400, 'VMSizeNotSupported'],
    ['maxPods too few', put('np2', { maxPods: 5 }), 400, 'InsufficientMaxPods'],
    ['maxPods too many', put('np2', { maxPods: 251 }), 400, 'MaxPodsLimitExceeded'],
    ['autoscaler without bounds', put('np2', { enableAutoScaling: true }), 400, 'InvalidParameter'],
    ['bounds without autoscaler', put('np2', { minCount: 1, maxCount: 3 }), 400, 'InvalidParameter'],
    [
      'min above max',
      put('np2', { enableAutoScaling: true, minCount: 3, maxCount: 1 }),
      400,
      'InvalidParameter',
    ],
    ['zone that is none', put('np2', { availabilityZones: ['9'] }), 400, 'InvalidAvailabilityZoneFormat'],
    ['taint without effect', put('np2', { nodeTaints: ['a=b'] }), 400, 'InvalidParameter'],
    [
      'taint on a System pool',
      put('np2', { mode: 'System', nodeTaints: ['a=b:NoSchedule'] }),
      400,
      'SystemPoolHasRestrictedTaint',
    ],
    ['label of AKS', put('np2', { nodeLabels: { 'kubernetes.azure.com/x': 'y' } }), 400, 'BadRequest'],
    ['label of Kubernetes', put('np2', { nodeLabels: { 'kubernetes.io/x': 'y' } }), 400, 'BadRequest'],
    ['Windows without a profile', put('win', { osType: 'Windows' }), 400, 'WindowsProfileMissing'],
    ['Windows name too long', put('windows1', { osType: 'Windows' }), 400, 'WindowsAgentPoolNameTooLong'],
    [
      'System pool of Spot VMs',
      put('np2', { mode: 'System', scaleSetPriority: 'Spot' }),
      400,
      'SystemPoolMustBeRegular',
    ],
    ['OS SKU of the other OS', put('np2', { osSKU: 'Windows2022' }), 400, 'InvalidOSSKU'],
    ['unknown OS SKU', put('np2', { osSKU: 'Plan9' }), 400, 'InvalidOSSKU'],
    [
      'version never offered',
      put('np2', { orchestratorVersion: '1.2.3' }),
      400,
      'AgentPoolK8sVersionNotSupported',
    ],
    [
      'version above the control plane',
      put('np2', { orchestratorVersion: '1.36.2' }),
      400,
      'NodePoolMcVersionIncompatible',
    ],
    [
      'MIG on a size without GPU',
      put('np2', { gpuInstanceProfile: 'MIG1g' }),
      400,
      'VMSizeDoesNotSupportMIG',
    ],
    [
      'ephemeral disk on a size without',
      put('np2', { osDiskType: 'Ephemeral' }),
      400,
      'VMSizeDoesNotSupportEphemeralOS',
    ],
    ['surge of nothing', put('np2', { upgradeSettings: { maxSurge: '0' } }), 400, 'InvalidParameter'],
    [
      'drain timeout of a week',
      put('np2', { upgradeSettings: { drainTimeoutInMinutes: 10_080 } }),
      400,
      'InvalidParameter',
    ],
    [
      'soak of an hour',
      put('np2', { upgradeSettings: { nodeSoakDurationInMinutes: 60 } }),
      400,
      'InvalidParameter',
    ],
    ['spot price on a Regular pool', put('np2', { spotMaxPrice: 0.5 }), 400, 'InvalidParameter'],
    ['subnet id that is none', put('np2', { vnetSubnetID: 'nodes' }), 400, 'InvalidParameter'],
    [
      'subnet of another network',
      put('np2', {
        vnetSubnetID:
          '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/s',
      }),
      400,
      'InvalidParameter',
    ],
    ['changed size', put('np1', { vmSize: 'Standard_D8s_v5' }), 400, 'PropertyChangeNotAllowed'],
    ['changed zones', put('np1', { availabilityZones: ['1'] }), 400, 'PropertyChangeNotAllowed'],
    ['changed maxPods', put('np1', { maxPods: 30 }), 400, 'PropertyChangeNotAllowed'],
    ['changed OS disk', put('np1', { osDiskSizeGB: 512 }), 400, 'PropertyChangeNotAllowed'],
    ['changed priority', put('np1', { scaleSetPriority: 'Spot' }), 400, 'PropertyChangeNotAllowed'],
    ['stopped', put('np1', { powerState: { code: 'Stopped' } }), 400, 'OperationNotAllowed'],
    [
      'cluster that is not there',
      () => ({ method: 'PUT', path: `${cluster('none')}/agentPools/np2?${version}`, body: poolBody({}) }),
      404,
      'ResourceNotFound',
    ],
    [
      'body without properties',
      () => ({ method: 'PUT', path: `${pool('np2')}?${version}`, body: {} }),
      400,
      'InvalidParameter',
    ],
    [
      'body that is a list',
      () => ({ method: 'PUT', path: `${pool('np2')}?${version}`, body: [] }),
      400,
      'UnmarshalError',
    ],
    [
      'eTag that is not its own',
      () => ({ ...put('np1', {})(), headers: { 'if-match': 'x' } }),
      412,
      'PreConditionFailed',
    ],
    [
      'exists already',
      () => ({ ...put('np1', {})(), headers: { 'if-none-match': '*' } }),
      412,
      'PreConditionFailed',
    ],
    [
      'both conditions',
      () => ({ ...put('np1', {})(), headers: { 'if-match': '*', 'if-none-match': '*' } }),
      400,
      'BadRequest',
    ],
  ])('%s', async (_, request, status, code) => {
    const before = poolkeeper.world.store.revision;
    const answer = await call(request());
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
    expect(poolkeeper.world.store.revision).toBe(before);
  });
});

describe('another request that is refused', () => {
  test.each<Row>([
    ['pool that is not there', () => ({ path: `${pool('none')}?${version}` }), 404, 'NotFound'],
    ['machine that is not there', () => ({ path: `${pool()}/machines/none?${version}` }), 404, 'NotFound'],
    ['cluster that is not there', () => ({ path: `${cluster('none')}?${version}` }), 404, 'ResourceNotFound'],
    [
      'group that is not there',
      () => ({ path: `${subscription()}/resourceGroups/none?${version}` }),
      404,
      'ResourceGroupNotFound',
    ],
    [
      'clusters of a group that is not there',
      () => ({ path: cluster().replace('rg1', 'none') + `?${version}` }),
      404,
      'ResourceGroupNotFound',
    ],
    [
      'another subscription',
      () => ({ path: `/subscriptions/00000000-0000-0000-0000-000000000000?${version}` }),
      404,
      'SubscriptionNotFound',
    ],
    [
      'last system pool',
      () => ({ method: 'DELETE', path: `${pool('system')}?${version}` }),
      400,
      'OperationNotAllowed',
    ],
    [
      'cluster without a pool',
      () => ({
        method: 'PUT',
        path: `${cluster('c2')}?${version}`,
        body: clusterBody({ agentPoolProfiles: [] }),
      }),
      400,
      'BadRequest',
    ],
    [
      'cluster without a System pool',
      () => ({
        method: 'PUT',
        path: `${cluster('c2')}?${version}`,
        body: clusterBody({ agentPoolProfiles: [{ name: 'np', mode: 'User', count: 3 }] }),
      }),
      400,
      'BadRequest',
    ],
    [
      'cluster beyond the quota',
      () => ({
        method: 'PUT',
        path: `${cluster('c2')}?${version}`,
        body: {
          ...clusterBody({
            agentPoolProfiles: [{ name: 'system', mode: 'System', count: 2, vmSize: 'Standard_D4s_v5' }],
          }),
          location: 'northeurope',
        },
      }),
      400,
      'ErrCode_InsufficientVCPUQuota',
    ],
    [
      'pool added through the cluster',
      () => ({
        method: 'PUT',
        path: `${cluster()}?${version}`,
        body: clusterBody({
          agentPoolProfiles: [
            { name: 'system', mode: 'System', count: 1 },
            { name: 'new', mode: 'User', count: 1 },
          ],
        }),
      }),
      400,
      'BadRequest',
    ],
    [
      'node image upgrade',
      () => ({ method: 'POST', path: `${pool()}/upgradeNodeImageVersion?${version}` }),
      400,
      'OperationNotAllowed',
    ],
    [
      'stop of a cluster',
      () => ({ method: 'POST', path: `${cluster()}/stop?${version}` }),
      400,
      'OperationNotAllowed',
    ],
    [
      'abort of nothing',
      () => ({ method: 'POST', path: `${pool()}/abort?${version}` }),
      409,
      'OperationNotAllowed',
    ],
    [
      'group in no region',
      () => ({
        method: 'PUT',
        path: `${subscription()}/resourceGroups/g?${version}`,
        body: { location: 'moon' },
      }),
      400,
      'LocationNotAvailableForResourceGroup',
    ],
    [
      'group without a region',
      () => ({ method: 'PUT', path: `${subscription()}/resourceGroups/g?${version}`, body: {} }),
      400,
      'LocationRequired',
    ],
    [
      'group moved',
      () => ({
        method: 'PUT',
        path: `${subscription()}/resourceGroups/rg1?${version}`,
        body: { location: 'eastus' },
      }),
      409,
      'InvalidResourceGroupLocation',
    ],
    [
      'deletion of a node resource group',
      () => ({
        method: 'DELETE',
        path: `${subscription()}/resourceGroups/MC_rg1_shop_westeurope?${version}`,
      }),
      409,
      'ResourceGroupDeletionBlocked',
    ],
    [
      'network of nonsense',
      () => ({
        method: 'PUT',
        path: `${subscription()}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v2?${version}`,
        body: { properties: { addressSpace: { addressPrefixes: ['x'] } } },
      }),
      400,
      'InvalidCIDRNotation',
    ],
    [
      'subnet outside its network',
      () => ({
        method: 'PUT',
        path: `${subscription()}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v1/subnets/s?${version}`,
        body: { properties: { addressPrefix: '10.8.0.0/24' } },
      }),
      400,
      'NetcfgInvalidSubnet',
    ],
    ['no api-version', () => ({ path: pool() }), 400, 'MissingApiVersionParameter'],
    [
      'api-version of nonsense',
      () => ({ path: `${pool()}?api-version=latest` }),
      400,
      'InvalidApiVersionParameter',
    ],
    [
      'malformed JSON',
      () => ({ method: 'PUT', path: `${pool('np2')}?${version}`, body: '{"properties":' }),
      400,
      'InvalidRequestContent',
    ],
    [
      'another media type',
      () => ({
        method: 'PUT',
        path: `${pool('np2')}?${version}`,
        body: '<x/>',
        headers: { 'content-type': 'application/xml' },
      }),
      415,
      'UnsupportedMediaType',
    ],
    [
      'body of 5 MB',
      () => ({ method: 'PUT', path: `${pool('np2')}?${version}`, body: `"${'x'.repeat(5_000_000)}"` }),
      413,
      'RequestContentTooLarge',
    ],
    [
      'unknown namespace',
      () => ({ path: `${subscription()}/providers/Contoso.Farm/barns?${version}` }),
      404,
      'InvalidResourceNamespace',
    ],
    ['unknown type', () => ({ path: `${provider()}/barns/red?${version}` }), 404, 'InvalidResourceType'],
    [
      'unknown method',
      () => ({ method: 'PATCH', path: `${pool()}?${version}`, body: {} }),
      405,
      'HttpMethodNotAllowed',
    ],
    ['unknown path', () => ({ path: `/barns?${version}` }), 404, 'InvalidRequestPath'],
  ])('%s', async (_, request, status, code) => {
    const answer = await call(request());
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
  });
});

describe('a token that is refused', () => {
  const forged = () => `${token.authorization.slice(0, -8)}AAAAAAAA`;
  test.each<readonly [string, () => Promise<Record<string, string>> | Record<string, string>, string]>([
    ['none', () => ({}), 'AuthenticationFailed'],
    ['of another scheme', () => ({ authorization: 'Basic eDp5' }), 'InvalidAuthenticationToken'],
    ['malformed', () => ({ authorization: 'Bearer x.y.z' }), 'InvalidAuthenticationToken'],
    ['forged', () => ({ authorization: forged() }), 'InvalidAuthenticationToken'],
    [
      'for another audience',
      () => signIn(poolkeeper, poolkeeper.credentials, 'https://vault.azure.net/.default'),
      'InvalidAuthenticationTokenAudience',
    ],
  ])('%s', async (_, headers, code) => {
    const answer = await call({ path: `${pool()}?${version}` }, await headers());
    expect([answer.status, codeOf(answer.body)]).toEqual([401, code]);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  test('the audience that SDKs ask for by default is taken', async () => {
    const headers = await signIn(poolkeeper, poolkeeper.credentials, 'https://management.azure.com/.default');
    expect((await call({ path: `${pool()}?${version}` }, headers)).status).toBe(200);
  });

  test('a Reader reads and may not write', async () => {
    expect((await call({ path: `${pool()}?${version}` }, reader)).status).toBe(200);
    const answer = await call({ method: 'DELETE', path: `${pool()}?${version}` }, reader);
    expect([answer.status, codeOf(answer.body)]).toEqual([403, 'AuthorizationFailed']);
    expect(JSON.stringify(answer.body)).toContain(
      'Microsoft.ContainerService/managedClusters/agentPools/delete',
    );
  });
});
