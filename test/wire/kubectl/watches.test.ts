import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

const data = mkdtempSync(join(tmpdir(), 'poolkeeper-watches-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** A pod that waits for a node with a label that none has yet. */
const waiting = (name: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { nodeSelector: { ready: ${name} }, containers: [{ name: main, image: "nginx:1.27" }] }
`;

/** The lines of a table by their first columns, each once while nothing of these changes. */
const columns = (lines: readonly string[], wanted: RegExp, count: number): readonly string[] =>
  lines
    .filter((line) => wanted.test(line))
    .map((line) => line.trim().split(/ +/).slice(0, count).join(' '))
    .filter((line, index, all) => line !== all[index - 1]);

describeWithCluster('kubectl watches', { pools: { work: 1 }, data }, (session) => {
  const inShop = (line: string) => session().says(`--namespace shop ${line}`);
  const follow = (line: string) => session().follow(`--namespace shop ${line}`);
  const letRun = (name: string) => session().says(`label node -l agentpool=work ready=${name} --overwrite`);

  test('there is a namespace to work in', () => session().says('create namespace shop'));

  test('get -w tells what comes, changes and goes, in every output', async () => {
    await inShop('run there --image=nginx:1.27');
    await inShop('wait --for=condition=Ready pod/there --timeout=30s');
    const [table, only, names, path] = [
      follow('get pods --watch --output-watch-events'),
      follow('get pods --watch-only --no-headers -o wide'),
      follow('get pods -w -o name'),
      follow('get pod there -w -o jsonpath={.metadata.labels.rack};'),
    ];
    await Promise.all([table, names].map((one) => one.until(/there/)));
    await path.until(/;/);
    await session().apply(waiting('come'));
    await only.until(/come/);
    await letRun('come');
    await table.until(/come +1\/1 +Running/);
    await inShop('label pod there rack=one');
    await inShop('delete pod come');
    await table.until(/DELETED +come/);
    expect(table.lines[0]).toMatch(/^EVENT +NAME +READY +STATUS +RESTARTS +AGE$/);
    expect(columns(table.lines, / come /, 4)).toEqual([
      'ADDED come 0/1 Pending',
      'MODIFIED come 0/1 Pending',
      'MODIFIED come 0/1 ContainerCreating',
      'MODIFIED come 1/1 Running',
      'MODIFIED come 1/1 Terminating',
      'MODIFIED come 0/1 Completed',
      'DELETED come 0/1 Completed',
    ]);
    expect(columns(table.lines, / there /, 3)).toEqual(['ADDED there 1/1', 'MODIFIED there 1/1']);
    await only.until(/come +0\/1 +Completed/);
    expect(columns(only.lines, /^come /, 3)[0]).toBe('come 0/1 Pending');
    await names.until(/pod\/come/);
    await path.until(/;one;/);
    for (const one of [table, only, names, path]) one.stop();
  });

  test('events are told as they come', async () => {
    const [events, get] = [follow('events --watch --types=Normal'), follow('get events --watch-only')];
    await events.until(/Pod\/there/);
    await inShop('run told --image=nginx:1.27');
    await Promise.all([events.until(/Started +Pod\/told/), get.until(/Started +pod\/told/)]);
    expect(columns(get.lines, / pod\/told /, 3).map((line) => line.split(' ')[2])).toEqual(
      expect.arrayContaining(['Scheduled', 'Created', 'Started']),
    );
    for (const one of [events, get]) one.stop();
  });

  test('logs are followed until their container ends', async () => {
    await inShop(
      'run brief --image=busybox:1.36 --restart=Never --annotations=poolkeeper.dev/run-duration=40s',
    );
    await inShop('wait --for=condition=Ready pod/brief --timeout=30s');
    const log = follow('logs -f brief');
    expect(await log.end()).toBe(0);
    expect(log.lines.at(-1)).toContain('msg="exiting" code=0');
    expect(log.lines.filter((line) => line.includes('msg="working"'))).not.toHaveLength(0);
  });

  describe('while the server is started anew', () => {
    test('what waits goes on waiting, and what streams ends as it does elsewhere', async () => {
      await session().apply(`${waiting('late')}---
apiVersion: apps/v1
kind: Deployment
metadata: { name: slow, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: slow } }
  template:
    metadata: { labels: { app: slow } }
    spec: { nodeSelector: { ready: late }, containers: [{ name: main, image: "nginx:1.27" }] }
`);
      const condition = follow('wait --for=condition=Ready pod/late --timeout=60s');
      const path = follow('wait --for=jsonpath={.status.readyReplicas}=2 deployment/slow --timeout=60s');
      const rollout = follow('rollout status deployment/slow --timeout=60s');
      const gone = follow('wait --for=delete pod/brief --timeout=60s');
      const [watch, log] = [follow('get pods -w'), follow('logs -f told')];
      await Promise.all([
        watch.until(/late/),
        log.until(/started/),
        rollout.until(/0 of 2 updated replicas are available/),
      ]);
      await session().restart();
      // A watch that its server ends has told all there was; the rest of a log is lost.
      expect(await watch.end()).toBe(0);
      expect([await log.end(), log.lines.at(-1)]).toEqual([1, 'error: unexpected EOF']);
      await letRun('late');
      expect(await condition.end()).toBe(0);
      expect(await path.end()).toBe(0);
      expect(await rollout.end()).toBe(0);
      expect(rollout.lines.at(-1)).toBe('deployment "slow" successfully rolled out');
      await inShop('delete pod brief');
      expect(await gone.end()).toBe(0);
      expect(await inShop('get pods -l app=slow --no-headers')).toMatch(/1\/1 +Running.*\n.*1\/1 +Running/);
    });
  });
});
