/** Pods started a second by the nodes' kubelets, in virtual time: nodes and bound pods are put in, and time runs until idle. */
import { Kubernetes, fastKubelet, kubelets, kubernetesCollections, nodes, pods } from '../src/kube/index.js';
import type { KubeNode, Pod } from '../src/kube/index.js';
import { Seed, SimClock } from '../src/sim/index.js';
import { Store } from '../src/store/index.js';
import { instant } from '../src/units/index.js';

const [nodeCount = 500, podsPerNode = 30] = process.argv.slice(2).map(Number);
const start = instant(Date.UTC(2026, 7, 21));
const cluster = 'c';
const clock = new SimClock({ start, mode: { kind: 'virtual' } });
const store = Store.open({ now: () => clock.now(), collections: kubernetesCollections });
const kubernetes = new Kubernetes({ store, clock, seed: new Seed(1) });

const node = (index: number): KubeNode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: `node-${String(index)}`,
    uid: `uid-${String(index)}`,
    creationTimestamp: '2026-08-21T00:00:00Z',
    labels: {},
    annotations: {},
  },
  spec: { providerID: '', podCIDR: `10.${String(index >> 8)}.${String(index % 256)}.0/24` },
  status: {
    capacity: { cpu: '16', memory: '64Gi', pods: '250' },
    allocatable: { cpu: '15', memory: '60Gi', pods: '250' },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: '',
        message: '',
        lastHeartbeatTime: '',
        lastTransitionTime: '',
      },
    ],
    addresses: [{ type: 'InternalIP', address: '10.224.0.4' }],
    nodeInfo: { kubeletVersion: 'v1.34.1' },
  },
});

const pod = (index: number): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `pod-${String(index)}`,
    namespace: 'default',
    uid: `pod-uid-${String(index)}`,
    creationTimestamp: '2026-08-21T00:00:00Z',
    generation: 1,
  },
  spec: {
    nodeName: `node-${String(index % nodeCount)}`,
    restartPolicy: 'Always',
    containers: [
      {
        name: 'c',
        image: 'nginx:1.27',
        imagePullPolicy: 'IfNotPresent',
        resources: { requests: { cpu: '50m', memory: '64Mi' } },
      },
    ],
  },
  status: { phase: 'Pending', qosClass: 'Burstable' },
});

kubernetes.start(fastKubelet);
store.transact((tx) => {
  for (let index = 0; index < nodeCount; index += 1) {
    const key = `${cluster}/node-${String(index)}`;
    const from = { boot: start, renewsFrom: start, postsFrom: start };
    const kubelet = { cluster, node: `node-${String(index)}`, agentPool: '', vm: '', ...from };
    tx.put(kubelets, key, { ...kubelet, state: { kind: 'ready' } });
    tx.put(nodes, key, { cluster, object: node(index) });
  }
});
clock.runUntilIdle();
const count = nodeCount * podsPerNode;
store.transact((tx) => {
  for (let index = 0; index < count; index += 1)
    tx.put(pods.collection, `${cluster}/default/pod-${String(index)}`, { cluster, object: pod(index) });
});
const before = store.revision;
const began = process.cpuUsage();
clock.runUntilIdle();
// Time on the processor: the machine may be busy with other things.
const seconds = process.cpuUsage(began).user / 1e6;
const running = store
  .list(pods.collection)
  .filter(({ object }) => (object as Pod).status?.phase === 'Running');
console.log(
  `${String(running.length)} of ${String(count)} pods on ${String(nodeCount)} nodes run: ` +
    `${(count / seconds).toFixed(0)} pods/s, ${((store.revision - before) / count).toFixed(2)} commits a pod, ` +
    `${String(Math.round(process.memoryUsage().heapUsed / 1048576))} MB`,
);
