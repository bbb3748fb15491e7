import { describe, expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

/** A pod that is held to one node. */
const pod = (name: string, node: string, extra = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec:
  nodeSelector: { kubernetes.io/hostname: ${node} }
  containers: [{ name: main, image: "nginx:1.27" }]
  ${extra}
`;
const workload = (kind: string, name: string, spec: string, podSpec = '') => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec:
  ${spec}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      nodeSelector: { agentpool: work }
      containers: [{ name: main, image: "nginx:1.27" }]
      ${podSpec}
`;
const budget = (name: string, spec: string) => `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name}, namespace: shop }
spec: { ${spec}, selector: { matchLabels: { app: ${name} } } }
`;

describeWithCluster('kubectl on nodes', { pools: { work: 3 } }, (session) => {
  const says = (line: string) => session().says(line);
  const inShop = (line: string) => says(`--namespace shop ${line}`);
  const refusal = (line: string) => session().refusal(line);
  const nodes = async () =>
    (await says('get nodes -l agentpool=work -o jsonpath={.items[*].metadata.name}')).split(' ');
  /** The nodes of a workload's pods. */
  const places = async (app: string) =>
    (await inShop(`get pods -l app=${app} -o jsonpath={.items[*].spec.nodeName}`))
      .split(' ')
      .filter((name) => name !== '');

  test('there is a namespace to work in', () => says('create namespace shop'));

  test('cordon and uncordon, once and again', async () => {
    const [node = ''] = await nodes();
    expect(await says(`cordon ${node}`)).toBe(`node/${node} cordoned`);
    expect(await says(`cordon ${node}`)).toBe(`node/${node} already cordoned`);
    expect(await says(`get node ${node} --no-headers`)).toContain('Ready,SchedulingDisabled');
    expect(await says(`describe node ${node}`)).toMatch(/Unschedulable: +true/);
    await session().apply(pod('waiting', node));
    await inShop(
      'wait --for=jsonpath={.status.conditions[0].reason}=Unschedulable pod/waiting --timeout=30s',
    );
    expect(await says(`uncordon ${node}`)).toBe(`node/${node} uncordoned`);
    expect(await says(`uncordon ${node}`)).toBe(`node/${node} already uncordoned`);
    await inShop('wait --for=condition=Ready pod/waiting --timeout=60s');
    await inShop('delete pod waiting');
    expect(await refusal('cordon none')).toBe('Error from server (NotFound): nodes "none" not found');
  });

  test('taints keep away, drive out, and are not overwritten unasked', async () => {
    const [node = ''] = await nodes();
    await session().apply(pod('driven', node));
    await inShop('wait --for=condition=Ready pod/driven --timeout=30s');
    expect(await says(`taint node ${node} team=shop:NoSchedule`)).toBe(`node/${node} tainted`);
    expect(await inShop('get pod driven --no-headers')).toContain('Running');
    expect(await refusal(`taint node ${node} team=other:NoSchedule`)).toContain('--overwrite is false');
    expect(await says(`taint node ${node} team=other:NoSchedule --overwrite`)).toBe(`node/${node} modified`);
    expect(await says(`taint node ${node} out=now:NoExecute`)).toBe(`node/${node} tainted`);
    await inShop('wait --for=delete pod/driven --timeout=30s');
    expect(await says(`taint node ${node} team- out-`)).toBe(`node/${node} untainted`);
    expect(await refusal(`taint node ${node} none-`)).toContain('taint "none" not found');
    expect(await refusal(`taint node ${node} a=b:Sometimes`)).toContain('unsupported taint effect');
  });

  test('labels and annotations are not overwritten unasked', async () => {
    const [node = ''] = await nodes();
    expect(await says(`label node ${node} rack=one`)).toBe(`node/${node} labeled`);
    expect(await refusal(`label node ${node} rack=two`)).toBe(
      "error: 'rack' already has a value (one), and --overwrite is false",
    );
    expect(await says(`label node ${node} rack=one`)).toBe(`node/${node} not labeled`);
    expect(await says(`label node ${node} rack=two --overwrite`)).toBe(`node/${node} labeled`);
    expect(await says(`label node ${node} rack-`)).toBe(`node/${node} unlabeled`);
    expect(await says(`label node ${node} --list`)).toContain('agentpool=work');
    expect(await refusal(`label node ${node} rack=a/b`)).toContain(
      'a valid label must be an empty string or consist of alphanumeric characters',
    );
    expect(await says(`annotate node ${node} note=one`)).toBe(`node/${node} annotated`);
    expect(await refusal(`annotate node ${node} note=two`)).toBe(
      "error: --overwrite is false but found the following declared annotation(s): 'note' already has a value (one)",
    );
    expect(await says(`annotate node ${node} note-`)).toBe(`node/${node} annotated`);
  });

  describe('drain', () => {
    test('says what stands in its way, and goes once it is allowed to', async () => {
      const [node = ''] = await nodes();
      await session().apply(
        [
          workload('DaemonSet', 'agent', 'minReadySeconds: 0'),
          pod('lone', node),
          pod('scratch', node, 'volumes: [{ name: scratch, emptyDir: {} }]'),
        ].join('---'),
      );
      await inShop('rollout status daemonset/agent --timeout=60s');
      await inShop('wait --for=condition=Ready pod/lone pod/scratch --timeout=30s');
      const agent = await inShop(
        `get pods -l app=agent --field-selector spec.nodeName=${node} -o jsonpath={.items[0].metadata.name}`,
      );

      const refused = await refusal(`drain ${node}`);
      expect(refused).toContain('cannot delete Pods that declare no controller (use --force to override): ');
      expect(refused).toContain('cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ');
      expect(refused).toContain(`shop/${agent}`);
      expect(refused).toContain(
        'cannot delete Pods with local storage (use --delete-emptydir-data to override): shop/scratch',
      );
      // It has been cordoned all the same.
      expect(await says(`get node ${node} --no-headers`)).toContain('SchedulingDisabled');
      const dry = await session().run(
        `drain ${node} --ignore-daemonsets --delete-emptydir-data --force --dry-run=server`,
      );
      expect(dry.stdout).toContain('evicting pod shop/lone (server dry run)');
      expect(await inShop('get pod lone scratch -o name')).toBe('pod/lone\npod/scratch');

      const drained = await session().run(
        `drain ${node} --ignore-daemonsets --delete-emptydir-data --force --timeout=60s`,
      );
      // kubectl gathers its warnings in a map: which of the two comes first is chance.
      const warnings = drained.stderr
        .trim()
        .replace(/^Warning: /, '')
        .split('; ')
        .sort();
      expect(warnings).toEqual([
        expect.stringMatching(/^deleting Pods that declare no controller: .*shop\/lone/),
        expect.stringMatching(/^ignoring DaemonSet-managed Pods: .*shop\/agent-/),
      ]);
      expect(drained.stderr).toMatch(/^Warning: /);
      const lines = drained.stdout.split('\n');
      expect(lines).toEqual(
        expect.arrayContaining([
          `node/${node} already cordoned`,
          'evicting pod shop/lone',
          'pod/lone evicted',
          'pod/scratch evicted',
          `node/${node} drained`,
        ]),
      );
      expect(await inShop(`get pods --field-selector spec.nodeName=${node} -o name`)).toBe(`pod/${agent}`);
      await says(`uncordon ${node}`);
    });

    test.concurrent('waits for a budget, evicting one after the other', async () => {
      await session().apply(
        [workload('Deployment', 'spread', 'replicas: 3'), budget('spread', 'minAvailable: 2')].join('---'),
      );
      await inShop('rollout status deployment/spread --timeout=60s');
      const [node = ''] = await places('spread');
      const { code, stdout } = await session().run(
        `drain ${node} --ignore-daemonsets --pod-selector=app=spread --timeout=90s`,
      );
      expect([code, stdout]).toEqual([0, expect.stringContaining(`node/${node} drained`)]);
      await says(`uncordon ${node}`);
    });

    test.concurrent(
      'tells of the budget that refuses, again every five seconds, until its time is over',
      async () => {
        await session().apply(
          [workload('Deployment', 'kept', 'replicas: 1'), budget('kept', 'minAvailable: 1')].join('---'),
        );
        await inShop('rollout status deployment/kept --timeout=60s');
        const [node = ''] = await places('kept');
        const name = await inShop('get pods -l app=kept -o jsonpath={.items[0].metadata.name}');
        const { code, stderr } = await session().run(
          `drain ${node} --ignore-daemonsets --pod-selector=app=kept --timeout=6s`,
        );
        expect(code).toBe(1);
        expect(stderr).toContain(
          `error when evicting pods/"${name}" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`,
        );
        expect(stderr).toContain(`error when evicting pods/"${name}" -n "shop": global timeout reached: 6s`);
        await inShop('delete pdb kept');
        expect(
          await says(`drain ${node} --ignore-daemonsets --pod-selector=app=kept --timeout=60s`),
        ).toContain('drained');
        await says(`uncordon ${node}`);
      },
    );

    test.concurrent('asks no budget when it deletes', async () => {
      await session().apply(
        [workload('Deployment', 'forced', 'replicas: 1'), budget('forced', 'minAvailable: 1')].join('---'),
      );
      await inShop('rollout status deployment/forced --timeout=60s');
      const [node = ''] = await places('forced');
      const printed = await says(
        `drain ${node} --ignore-daemonsets --pod-selector=app=forced --disable-eviction --timeout=60s`,
      );
      expect(printed).toMatch(/pod\/forced-\S+ deleted/);
      expect(printed).toContain(`node/${node} drained`);
      await says(`uncordon ${node}`);
    });

    test('two budgets for a pod are an error of the server', async () => {
      await session().apply(
        [
          workload('Deployment', 'twice', 'replicas: 1'),
          budget('twice', 'minAvailable: 0'),
          budget('twice', 'minAvailable: 0').replace('name: twice,', 'name: twice-2,'),
        ].join('---'),
      );
      await inShop('rollout status deployment/twice --timeout=60s');
      const [node = ''] = await places('twice');
      expect(
        await refusal(`drain ${node} --ignore-daemonsets --pod-selector=app=twice --timeout=10s`),
      ).toContain(
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
      await says(`uncordon ${node}`);
    });

    test('several nodes by a label, and none by a wrong name', async () => {
      await inShop('delete deployments,pdb --all');
      const drained = await says(
        'drain -l agentpool=work --ignore-daemonsets --delete-emptydir-data --force --timeout=60s',
      );
      for (const node of await nodes()) expect(drained).toContain(`node/${node} drained`);
      await says(`uncordon ${(await nodes()).join(' ')}`);
      expect(await refusal('drain none')).toBe('Error from server (NotFound): nodes "none" not found');
    });
  });

  test('a deleted node strands its pods until they are collected', async () => {
    await session().apply(workload('Deployment', 'stranded', 'replicas: 2'));
    await inShop('rollout status deployment/stranded --timeout=60s');
    const [node = ''] = await places('stranded');
    expect(await says(`delete node ${node}`)).toMatch(new RegExp(`^node "${node}" deleted`));
    await inShop(
      `wait --for=delete pods -l app=stranded --field-selector spec.nodeName=${node} --timeout=60s`,
    );
    await inShop('rollout status deployment/stranded --timeout=60s');
    expect(await places('stranded')).not.toContain(node);
  });
});
