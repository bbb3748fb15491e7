import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** Runs the built command without a terminal, with a text as its input. */
function run(words: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [mainFile, ...words], {
      env: { ...process.env, POOLKEEPER_HOME: home, HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

const report = `
apiVersion: v1
kind: ConfigMap
metadata: { name: report }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: report }
spec:
  replicas: 3
  selector: { matchLabels: { app: report } }
  template:
    metadata: { labels: { app: report } }
    spec:
      nodeSelector: { workload: batch, kubernetes.azure.com/mode: user }
      containers:
        - { name: report, image: 'report:1', resources: { requests: { cpu: '3.5', memory: 4Gi } } }
`;

const reportText = `Deployment default/report: cluster exhausted
  None of the 3 pools takes them as configured, with any number of nodes. A pool of Standard_D4as_v5 could be
  made that does.
  Each of its 3 pods asks for 3.5 vCPU, 4 GiB of memory. None of them fits.

POOL      NODES  FIT  WHY NOT
batch     1      0    taint workload=batch:NoSchedule is not tolerated
checkout  3      0    wants label workload=batch, has checkout
system    2      0    wants label workload=batch and kubernetes.azure.com/mode=user, has no workload and
                        kubernetes.azure.com/mode=system

Any one of these is enough:
  1. Tolerate taint workload=batch:NoSchedule: 2 more nodes of pool batch would take them, and its autoscaler
     may add as many
     tolerations: [{ key: "workload", operator: "Equal", value: "batch", effect: "NoSchedule" }]
  2. Drop workload=batch from the nodeSelector: 3 nodes of pool checkout take them then
  3. Label pool checkout with workload=batch: 3 nodes of pool checkout take them then
     az aks nodepool update --resource-group grocery --cluster-name grocery --name checkout --labels workload=batch
`;

const pod = (name: string, cpu: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  containers: [{ name: app, image: 'app:1', resources: { requests: { cpu: '${cpu}' } } }]
`;

describe('poolkeeper explain', () => {
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'poolkeeper-explain-'));
    server = await startUp(home, ['--ephemeral', '--speed', '4']);
    await run(['aks', 'wait', '-g', 'grocery', '-n', 'grocery', '--created', '--interval', '1']);
  });
  afterAll(async () => {
    await end(server.process, 'SIGTERM');
    rmSync(home, { recursive: true, force: true });
  });

  test('tells of a file pool by pool, and what would help', async () => {
    const file = join(home, 'report.yaml');
    writeFileSync(file, report);
    expect(await run(['explain', 'pod', '-f', file])).toEqual({ code: 1, stdout: reportText, stderr: '' });
  });

  test('ends with 0 for a pod that fits, and answers JSON and YAML', async () => {
    const json = await run(['explain', 'pod', '-f', '-', '-o', 'json'], pod('small', '500m'));
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      cluster: { resourceGroup: 'grocery', name: 'grocery' },
      pod: { namespace: 'default', kind: 'Pod', name: 'small', source: 'manifest' },
      verdict: { kind: 'fits now' },
      asks: { cpu: 500 },
      changes: [],
    });
    const yaml = await run(
      ['explain', 'pod', '-f', '-', '-o', 'yaml', '-n', 'kube-system'],
      pod('huge', '200'),
    );
    expect([yaml.code, yaml.stdout]).toEqual([
      1,
      expect.stringContaining('  kind: unsatisfiable as written\n'),
    ]);
  });

  test('tells of the autoscaler and its pools', async () => {
    const text = await run(['explain', 'scaling']);
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(
      /^Cluster grocery\/grocery: \w+\n[^]*\nPOOL +MIN +NODES +MAX +GROWTH\nbatch +0 +\d +10 /,
    );
    const json = await run(['explain', 'scaling', '--pool', 'batch', '--since', '1h', '-o', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      cluster: { resourceGroup: 'grocery', name: 'grocery' },
      autoscaler: { scanSeconds: 10 },
      alarms: [],
      pools: [{ name: 'batch', min: 0, max: 10, growth: 'may grow' }],
    });
  });

  test.each([
    [
      3,
      /^ERROR: \(PodNotFound\) There is no pod none in namespace default.*\nCode: PodNotFound\nMessage: /,
      ['explain', 'pod', 'none'],
    ],
    [1, /A Service has no pods/, ['explain', 'pod', '-f', '-']],
    [1, /grocery\/grocery/, ['explain', 'pod', 'none', '--cluster-name', 'other']],
    [2, /Give the name of a pod, or a file/, ['explain', 'pod']],
    [2, /no such file/, ['explain', 'pod', '-f', '/none.yaml']],
    [2, /invalid choice: 'xml'/, ['explain', 'pod', 'p', '-o', 'xml']],
    [3, /There are: batch, checkout and system/, ['explain', 'scaling', '--pool', 'none']],
    [
      1,
      /not in charge of pool system .*--enable-cluster-autoscaler/,
      ['explain', 'scaling', '--pool', 'system'],
    ],
    [2, /'soon' is no span of time/, ['explain', 'scaling', '--since', 'soon']],
    [2, /'0' is no whole number above 0/, ['explain', 'scaling', '--limit', '0']],
  ])('ends with %i and says %s: %j', async (code, message, words) => {
    const ran = await run(words, 'apiVersion: v1\nkind: Service\nmetadata: { name: s }\n');
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(message)]);
  });
});
