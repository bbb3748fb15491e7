import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingClient } from '../clients.js';
import { end, mainFile, startUp } from '../process.js';
import type { UpProcess } from '../process.js';

let home: string;
let server: UpProcess;
let lines: string;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in a shell that has the printed variables alone. */
const shell = (script: string): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: home, POOLKEEPER_HOME: home };
    execFile('bash', ['-c', script], { env, maxBuffer: 10_000_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });

const az = (command: string): Promise<Ran> => {
  const exports = lines.split('\n').filter((line) => line.startsWith('export '));
  return shell(`${exports.join('\n')}\naz ${command}`);
};
const json = async (command: string): Promise<unknown> => {
  const { code, stdout, stderr } = await az(`${command} --output json`);
  if (code !== 0) throw new Error(`az ${command} ended with ${String(code)}: ${stderr}`);
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
};

const suite = describe.skipIf(missingClient('az') !== undefined);
const inCluster = '--resource-group rg1 --cluster-name shop';

suite('the Azure CLI, set up by the printed lines alone,', () => {
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'poolkeeper-az-'));
    server = await startUp(home, ['--empty', '--ephemeral']);
    lines = (await shell(`${process.execPath} ${mainFile} env`)).stdout.trim();
    expect(server.output()).toContain(lines);
    const signedIn = await shell(
      `set -e\n${lines}\naz group create --name rg1 --location westeurope --output none`,
    );
    expect(signedIn.stderr.replace(/^WARNING.*$/gm, '').trim()).toBe('');
    expect(signedIn.code).toBe(0);
    const flags = '--no-ssh-key --node-count 2 --node-vm-size Standard_D4s_v5 --network-plugin azure';
    const windows = '--windows-admin-username azureuser --windows-admin-password Poolkeeper-1-Windows';
    await json(`aks create --resource-group rg1 --name shop ${flags} ${windows}`);
  });
  afterAll(async () => {
    await end(server.process, 'SIGTERM');
    rmSync(home, { recursive: true, force: true });
  });

  test('signs in again when the lines are run again', async () => {
    expect((await shell(`set -e\n${lines}`)).code).toBe(0);
  });

  test('shows and lists clusters', async () => {
    expect(await json('aks show --resource-group rg1 --name shop')).toMatchObject({
      name: 'shop',
      provisioningState: 'Succeeded',
      agentPoolProfiles: [{ name: 'nodepool1', count: 2, mode: 'System' }],
    });
    expect(await json('aks list --query [].name')).toEqual(['shop']);
    expect((await az('aks list --output table')).stdout).toMatch(
      /Name +Location +ResourceGroup +KubernetesVersion/,
    );
  });

  test.each([
    [
      'with labels, taints, zones and tags',
      'general',
      '--node-count 3 --zones 1 2 3 --labels team=a tier=web --node-taints team=a:NoSchedule --tags owner=checkout',
      {
        count: 3,
        availabilityZones: ['1', '2', '3'],
        nodeLabels: { team: 'a', tier: 'web' },
        nodeTaints: ['team=a:NoSchedule'],
        tags: { owner: 'checkout' },
      },
    ],
    [
      'of Spot VMs',
      'spot',
      '--node-count 1 --priority Spot --eviction-policy Delete --spot-max-price -1',
      { scaleSetPriority: 'Spot', nodeTaints: ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'] },
    ],
    [
      'with GPUs',
      'gpu',
      '--node-count 1 --node-vm-size Standard_NC4as_T4_v3',
      { vmSize: 'Standard_NC4as_T4_v3' },
    ],
    ['of Windows', 'win', '--node-count 1 --os-type Windows', { osType: 'Windows' }],
    [
      'with the autoscaler',
      'auto',
      '--node-count 1 --enable-cluster-autoscaler --min-count 1 --max-count 5',
      { enableAutoScaling: true, minCount: 1, maxCount: 5 },
    ],
  ])('adds a pool %s', async (_, name, flags, expected) => {
    const size = flags.includes('--node-vm-size') ? '' : '--node-vm-size Standard_D4s_v5';
    expect(await json(`aks nodepool add ${inCluster} --name ${name} ${size} ${flags}`)).toMatchObject({
      ...expected,
      name,
      provisioningState: 'Succeeded',
    });
  });

  test('updates, scales and deletes a pool', async () => {
    await json(`aks nodepool add ${inCluster} --name np1 --node-count 1 --node-vm-size Standard_D4s_v5`);
    const updated = await json(
      `aks nodepool update ${inCluster} --name np1 --labels a=b --node-taints x=y:NoExecute`,
    );
    expect(updated).toMatchObject({ nodeLabels: { a: 'b' }, nodeTaints: ['x=y:NoExecute'] });
    expect(await json(`aks nodepool scale ${inCluster} --name np1 --node-count 3 --query count`)).toBe(3);
    const autoscaled = `aks nodepool update ${inCluster} --name np1 --enable-cluster-autoscaler --min-count 2 --max-count 4`;
    expect(await json(autoscaled)).toMatchObject({ enableAutoScaling: true, minCount: 2, maxCount: 4 });
    const { stdout } = await az(`aks nodepool list ${inCluster} --output table`);
    expect(stdout).toMatch(
      /Name +OsType +KubernetesVersion +VmSize +Count +MaxPods +ProvisioningState +Mode/,
    );
    expect((await az(`aks nodepool delete ${inCluster} --name np1`)).code).toBe(0);
    const gone = await az(`aks nodepool show ${inCluster} --name np1`);
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('(NotFound)')]);
  });

  test('does not wait when told so, and waits when told so', async () => {
    const added = await az(
      `aks nodepool add ${inCluster} --name later --node-count 2 --node-vm-size Standard_D4s_v5 --no-wait`,
    );
    expect([added.code, added.stdout]).toEqual([0, '']);
    expect(
      (await az(`aks nodepool wait ${inCluster} --nodepool-name later --created --interval 1`)).code,
    ).toBe(0);
    expect(await json(`aks nodepool show ${inCluster} --name later --query provisioningState`)).toBe(
      'Succeeded',
    );
  });

  test('reads versions, upgrades and credentials', async () => {
    expect((await az('aks get-versions --location westeurope --output table')).stdout).toContain('1.35.');
    expect(await json(`aks nodepool get-upgrades ${inCluster} --nodepool-name nodepool1`)).toMatchObject({
      osType: 'Linux',
    });
    const { stdout } = await az('aks get-credentials --resource-group rg1 --name shop --file -');
    expect(stdout).toContain('current-context: shop');
  });

  test.each([
    ['InvalidParameter', 'add', '--name BAD'],
    ['VMSizeNotSupported', 'add', '--name np9 --node-vm-size Standard_None'],
    ['SystemPoolHasRestrictedTaint', 'add', '--name np9 --mode System --node-taints a=b:NoSchedule'],
    ['BadRequest', 'add', '--name np9 --labels kubernetes.azure.com/x=y'],
    ['WindowsAgentPoolNameTooLong', 'add', '--name windows9 --os-type Windows'],
    ['AgentPoolK8sVersionNotSupported', 'add', '--name np9 --kubernetes-version 1.2.3'],
    ['NodePoolMcVersionIncompatible', 'add', '--name np9 --kubernetes-version 1.36.2'],
    ['OperationNotAllowed', 'delete', '--name nodepool1'],
    ['OperationNotAllowed', 'upgrade', '--name nodepool1 --node-image-only --yes'],
    ['OperationNotAllowed', 'stop', '--nodepool-name nodepool1'],
  ])('prints %s of nodepool %s %s', async (code, command, flags) => {
    const { code: exit, stderr } = await az(`aks nodepool ${command} ${inCluster} ${flags}`);
    expect([exit, stderr]).toEqual([1, expect.stringContaining(`(${code})`)]);
  });

  test('sets the profile of the autoscaler, in part and back to what it was', async () => {
    const update = 'aks update --resource-group rg1 --name shop --cluster-autoscaler-profile';
    const profile = '--query autoScalerProfile';
    const first = await json(`${update} scan-interval=30s expander=least-waste ${profile}`);
    expect(first).toMatchObject({ scanInterval: '30s', expander: 'least-waste', okTotalUnreadyCount: '3' });
    const second = await json(`${update} max-empty-bulk-delete=5 ${profile}`);
    expect(second).toMatchObject({ scanInterval: '30s', expander: 'least-waste', maxEmptyBulkDelete: '5' });
    const reset = await json(`${update} "" ${profile}`);
    expect(reset).toMatchObject({ scanInterval: '10s', expander: 'random', maxEmptyBulkDelete: '10' });
    const unknown = await az(`${update} scan-intervall=30s`);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('is an invalid key')]);
    const bad = await az(`${update} scale-down-unneeded-time=90s`);
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('(InvalidParameter)')]);
  });

  test('turns the autoscaler of a pool on, changes its bounds and turns it off', async () => {
    const pool = `${inCluster} --name scaled`;
    await json(`aks nodepool add ${pool} --node-count 2 --node-vm-size Standard_D4s_v5`);
    const on = await json(
      `aks nodepool update ${pool} --enable-cluster-autoscaler --min-count 2 --max-count 4`,
    );
    expect(on).toMatchObject({ enableAutoScaling: true, minCount: 2, maxCount: 4, count: 2 });
    const bounds = await json(
      `aks nodepool update ${pool} --update-cluster-autoscaler --min-count 3 --max-count 9`,
    );
    expect(bounds).toMatchObject({ enableAutoScaling: true, minCount: 3, maxCount: 9, count: 3 });
    const scaled = await az(`aks nodepool scale ${pool} --node-count 5`);
    expect([scaled.code, scaled.stderr]).toEqual([
      1,
      expect.stringContaining('Cannot scale cluster autoscaler enabled node pool'),
    ]);
    const off = await json(`aks nodepool update ${pool} --disable-cluster-autoscaler`);
    expect(off).toMatchObject({ enableAutoScaling: false, minCount: null, maxCount: null, count: 3 });
    expect(await json(`aks nodepool show ${pool} --query count`)).toBe(3);
  });

  test('deletes the cluster', async () => {
    expect((await az('aks delete --resource-group rg1 --name shop --yes')).code).toBe(0);
    expect((await az('aks show --resource-group rg1 --name shop')).code).toBe(3);
    expect(await json('group delete --name rg1 --yes')).toBeUndefined();
    expect((await az('group exists --name rg1')).stdout.trim()).toBe('false');
  });
});
