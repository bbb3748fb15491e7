import { expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

describeWithCluster("kubectl on AKS's own workloads", { pools: { work: 1 } }, (session) => {
  const says = (line: string) => session().says(`--namespace kube-system ${line}`);

  test('all of them run', async () => {
    await says('wait --for=condition=Ready pods --all --timeout=60s');
    const lines = (await says('get pods --no-headers')).split('\n');
    expect(lines.every((line) => / Running /.test(line))).toBe(true);
    expect(await says('get service kube-dns --no-headers')).toContain('10.0.0.10');
    expect(await says('get daemonset kube-proxy --no-headers')).toMatch(/^kube-proxy +3 +3 +3 +3 +3 /);
    expect(await says('rollout status deployment/coredns')).toBe(
      'deployment "coredns" successfully rolled out',
    );
  });

  test('a drain has to be told to leave their daemons', async () => {
    const node = await says('get nodes -l agentpool=work -o jsonpath={.items[*].metadata.name}');
    const refused = await session().refusal(`drain ${node}`);
    expect(refused).toMatch(
      /cannot delete DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\): kube-system\/azure-cns-/,
    );
    const drained = await session().says(`drain ${node} --ignore-daemonsets --timeout=60s`);
    expect(drained).toContain(`node/${node} drained`);
  });

  test('disks are made where their pod is, and go with their claim', async () => {
    await session().says(`uncordon -l agentpool=work`);
    await session().apply(`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 4Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers: [{ name: main, image: "nginx:1.27", volumeMounts: [{ name: data, mountPath: /data }] }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`);
    await session().says('wait --for=condition=Ready pod/web --timeout=60s');
    expect(await session().says('get pvc data --no-headers')).toMatch(
      /^data +Bound +pvc-[-0-9a-f]+ +4Gi +RWO +default /,
    );
    expect(await session().says('get volumeattachments --no-headers')).toMatch(
      /disk\.csi\.azure\.com .* true /,
    );
    expect(await session().says('describe pod web')).toContain('SuccessfulAttachVolume');
    await session().says('delete pod/web pvc/data --wait=true --timeout=60s');
    await session().says('wait --for=delete pv --all --timeout=60s');
  });
});
