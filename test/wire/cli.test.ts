import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { end, mainFile, startUp } from '../process.js';
import type { UpProcess } from '../process.js';

let home: string;
let server: UpProcess;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command without a terminal. */
function run(command: string, ...more: readonly string[]): Promise<Ran> {
  const words = [...command.split(' ').filter((word) => word !== ''), ...more];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [mainFile, ...words], {
      env: { ...process.env, POOLKEEPER_HOME: home, HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
const json = async (command: string): Promise<unknown> => {
  const { code, stdout, stderr } = await run(command);
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout);
};

const cluster = '-g grocery --cluster-name grocery';

describe('poolkeeper aks', () => {
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'poolkeeper-cli-'));
    server = await startUp(home, ['--ephemeral', '--speed', '10']);
    expect((await run('aks wait -g grocery -n grocery --created --interval 1')).code).toBe(0);
  });
  afterAll(async () => {
    await end(server.process, 'SIGTERM');
    rmSync(home, { recursive: true, force: true });
  });

  test('shows the grocery cluster as a table', async () => {
    expect((await run(`aks nodepool list ${cluster} -o table`)).stdout).toBe(
      [
        'Name      OsType  KubernetesVersion  VmSize            OsDiskSizeGB  Count  MaxPods  ProvisioningState  Mode',
        '--------  ------  -----------------  ----------------  ------------  -----  -------  -----------------  ------',
        'batch     Linux   1.35               Standard_D4as_v5  128           1      250      Succeeded          User',
        'checkout  Linux   1.35               Standard_D8s_v5   256           3      250      Succeeded          User',
        'system    Linux   1.35               Standard_D4s_v5   128           2      250      Succeeded          System',
        '',
      ].join('\n'),
    );
    expect((await run('aks list -o tsv --query [].name')).stdout).toBe('grocery\n');
  });

  test('adds, updates, scales and deletes a pool', async () => {
    const added = await json(
      `aks nodepool add ${cluster} -n np1 -c 2 -s Standard_D4s_v5 --labels a=b c=d -z 1 2`,
    );
    expect(added).toMatchObject({
      name: 'np1',
      count: 2,
      provisioningState: 'Succeeded',
      nodeLabels: { a: 'b', c: 'd' },
      availabilityZones: ['1', '2'],
      resourceGroup: 'grocery',
      maxCount: null,
    });
    expect(await json(`aks nodepool scale ${cluster} -n np1 -c 4 --query count`)).toBe(4);
    const bounds = '--enable-cluster-autoscaler --min-count 1 --max-count 5';
    expect(await json(`aks nodepool update ${cluster} -n np1 ${bounds} --query [minCount,maxCount]`)).toEqual(
      [1, 5],
    );
    expect((await run(`aks nodepool scale ${cluster} -n np1 -c 2`)).stderr).toBe(
      'ERROR: Cannot scale cluster autoscaler enabled node pool.\n',
    );
    const unasked = await run(`aks nodepool delete ${cluster} -n np1`);
    expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining('no tty available')]);
    expect(await run(`aks nodepool delete ${cluster} -n np1 --yes`)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const gone = await run(`aks nodepool show ${cluster} -n np1`);
    expect([gone.code, gone.stderr]).toEqual([
      3,
      'ERROR: (NotFound) Could not find the agent pool: np1\nCode: NotFound\nMessage: Could not find the agent pool: np1\n',
    ]);
  });

  test('does not wait when told so', async () => {
    const added = await run(`aks nodepool add ${cluster} -n later -c 1 -s Standard_D4s_v5 --no-wait`);
    expect([added.code, added.stdout]).toEqual([0, '']);
    expect((await run(`aks nodepool wait ${cluster} -n later --created --interval 1`)).code).toBe(0);
  });

  test('merges credentials', async () => {
    const file = join(home, 'kubeconfig');
    const { code, stderr } = await run(`aks get-credentials -g grocery -n grocery -f ${file}`);
    expect([code, stderr]).toEqual([0, `Merged "grocery" as current context in ${file}\n`]);
    expect(readFileSync(file, 'utf8')).toContain('current-context: grocery');
  });

  test('sets and resets the profile of the autoscaler', async () => {
    const update = 'aks update -g grocery -n grocery --cluster-autoscaler-profile';
    const query = '--query autoScalerProfile.[scanInterval,expander,ignoreDaemonsetsUtilization]';
    expect(
      await json(`${update} scan-interval=30s expander=priority ignore-daemonsets-utilization=true ${query}`),
    ).toEqual(['30s', 'priority', true]);
    const reset = await run(`aks update -g grocery -n grocery ${query} --cluster-autoscaler-profile`, '');
    expect([reset.code, JSON.parse(reset.stdout)]).toEqual([0, ['10s', 'random', false]]);
  });

  test('lists versions, newest first', async () => {
    const { stdout } = await run('aks get-versions -l westeurope -o table');
    expect(stdout.split('\n')[0]).toMatch(/^KubernetesVersion +IsPreview +Upgrades +SupportPlan$/);
    expect(stdout.split('\n')[2]).toMatch(/^1\.36\./);
  });

  test.each([
    [1, /\(VMSizeNotSupported\)/, `aks nodepool add ${cluster} -n np9 -s Standard_None`],
    [
      1,
      /\(OperationNotAllowed\) There has to be at least one system/,
      `aks nodepool delete ${cluster} -n system --yes`,
    ],
    [1, /already exists/, `aks nodepool add ${cluster} -n batch`],
    [1, /at most 12 characters/, `aks nodepool add ${cluster} -n averyverylongname`],
    [1, /both min-count and max-count/, `aks nodepool add ${cluster} -n np9 -e`],
    [1, /is an invalid key/, 'aks update -g grocery -n grocery --ca-profile scan-intervall=30s'],
    [1, /\(InvalidParameter\)/, 'aks update -g grocery -n grocery --ca-profile scan-interval=1m'],
    [1, /more than one node pool/, 'aks update -g grocery -n grocery --disable-cluster-autoscaler'],
    [2, /--name/, `aks nodepool show ${cluster}`],
    [2, /--resource-group/, 'aks nodepool list'],
    [2, /unknown option '--nodes'/, `aks nodepool add ${cluster} -n np9 --nodes 3`],
    [2, /invalid int value: 'x'/, `aks nodepool scale ${cluster} -n batch -c x`],
    [2, /invalid choice: 'xml'/, `aks nodepool list ${cluster} -o xml`],
    [3, /\(ResourceNotFound\)/, 'aks show -g grocery -n none'],
  ])('ends with %i and says %s: %s', async (code, message, command) => {
    const ran = await run(command);
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(message)]);
  });

  test('changes limits while it runs', async () => {
    const file = join(home, 'limits.yaml');
    writeFileSync(file, 'quota:\n  westeurope: { standardFSv2Family: 4 }\n');
    expect((await run(`limits ${file}`)).stdout).toContain('limit: 4');
    expect((await run('limits')).stdout).toContain('standardFSv2Family');
    const refused = await run(`aks nodepool add ${cluster} -n np9 -c 1 -s Standard_F8s_v2`);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('ErrCode_InsufficientVCPUQuota'),
    ]);
    writeFileSync(file, 'quota:\n  moon: { cores: 4 }\n');
    const nonsense = await run(`limits ${file}`);
    expect([nonsense.code, nonsense.stderr]).toEqual([
      1,
      expect.stringContaining('quota.moon must be a region'),
    ]);
  });

  test('refuses a configuration that makes no sense before it starts', async () => {
    const file = join(home, 'world.yaml');
    writeFileSync(file, 'shortages:\n  - { location: westeurope, size: Standard_D4s_v5, remaining: few }\n');
    const ran = await run(`up --ephemeral --port 0 --config ${file}`);
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringContaining('shortages[0].remaining must be a whole number'),
    ]);
  });

  test('prints scripts for completion', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      expect((await run(`completion ${shell}`)).stdout).toContain('operation-abort');
    }
    expect((await run('completion csh')).code).toBe(2);
  });

  test('has an example in the help of every command', async () => {
    for (const command of [
      'add',
      'delete',
      'get-upgrades',
      'list',
      'operation-abort',
      'scale',
      'show',
      'update',
      'wait',
    ]) {
      expect((await run(`aks nodepool ${command} --help`)).stdout).toContain(
        `Example:\n  poolkeeper aks nodepool ${command}`,
      );
    }
  });
});
