import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hours, milliseconds, minutes, seconds } from '../../../src/units/index.js';
import { missingClient } from '../../clients.js';
import { manifestSets, unready, workloadKinds } from './manifest-sets.js';
import type { ManifestSet, Workload } from './manifest-sets.js';
import { changesTold, Session } from './session.js';

/** What is there before a set is applied and has to be there again, and alone, once it is deleted. */
type Inventory = readonly string[];

interface NodeJson {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}
interface PodJson {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  };
}
interface VolumeJson {
  readonly spec: {
    readonly claimRef: { readonly namespace: string; readonly name: string };
    readonly nodeAffinity?: {
      readonly required: {
        readonly nodeSelectorTerms: readonly {
          readonly matchExpressions: readonly { readonly values: readonly string[] }[];
        }[];
      };
    };
  };
}

describe.skipIf(missingClient('kubectl') !== undefined)('manifests as projects publish them', () => {
  const data = mkdtempSync(join(tmpdir(), 'poolkeeper-manifests-'));
  let session: Session;
  let before: Inventory;

  /** Opens the world that the directory holds. Time stands, but for the steps that tests take. */
  const open = async (): Promise<void> => {
    session = await Session.open({ data, pools: { work: 6 }, zones: ['1', '2', '3'] });
    session.cluster.poolkeeper.clock.setMode({ kind: 'paused' });
  };
  const step = (span: Parameters<typeof session.cluster.poolkeeper.clock.step>[0]): void => {
    session.cluster.poolkeeper.clock.step(span);
  };
  /** Goes on to the next tenth minute past the half hour: no schedule of the manifests is near. */
  const stepPastSchedules = (): void => {
    const half = minutes(30);
    const since = session.cluster.poolkeeper.clock.now() % half;
    step(milliseconds(half - since + minutes(10)));
  };
  const inventory = async (): Promise<Inventory> => {
    const kinds = (await session.says('api-resources --verbs=list -o name')).split('\n');
    const kept = kinds.filter((kind) => !/^events|^leases\.|metrics\.k8s\.io$/.test(kind));
    const columns = 'KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name';
    const lines = await session.says(`get ${kept.join()} -A --no-headers -o custom-columns=${columns}`);
    return lines
      .split('\n')
      .map((line) => line.replace(/ +/g, ' '))
      .sort();
  };
  const workloads = async (): Promise<readonly Workload[]> => {
    const { items } = JSON.parse(await session.says(`get ${workloadKinds} -A -o json`)) as {
      items: readonly Workload[];
    };
    return items;
  };
  const everySet = manifestSets.map(({ folder }) => `-f ${folder}`).join(' ');
  const versions = (): Promise<string> =>
    session.says(
      `get ${everySet} -o custom-columns=KIND:.kind,NAME:.metadata.name,VERSION:.metadata.resourceVersion`,
    );

  const apply = async (set: ManifestSet, flags: string): Promise<string> => {
    const told: string[] = [];
    for (const stage of set.stages) {
      told.push(await session.says(`apply ${flags} -f ${stage}`));
      step(seconds(2));
    }
    return told.join('\n');
  };
  const becomeReady = async (): Promise<void> => {
    for (let left = 10; ; left -= 1) {
      step(minutes(1));
      const waiting = unready(await workloads());
      if (waiting.length === 0) return;
      if (left === 0) expect(waiting).toEqual([]);
    }
  };
  const remove = async (set: ManifestSet): Promise<void> => {
    for (const stage of [...set.stages].reverse()) {
      await session.says(`delete --wait=false --ignore-not-found -f ${stage}`);
      step(minutes(1));
    }
  };
  /** Of every disk that a pod has: the zones that can attach it, and that of the pod's node. */
  const diskZones = async (): Promise<
    readonly { readonly disk: readonly string[]; readonly node: string }[]
  > => {
    const list = async <T>(kinds: string): Promise<readonly T[]> =>
      (JSON.parse(await session.says(`get ${kinds} -A -o json`)) as { items: readonly T[] }).items;
    const nodes = await list<NodeJson>('nodes');
    const pods = await list<PodJson>('pods');
    return (await list<VolumeJson>('persistentvolumes')).flatMap(({ spec: { claimRef, nodeAffinity } }) => {
      if (!nodeAffinity) return [];
      const terms = nodeAffinity.required.nodeSelectorTerms;
      const pod = pods.find(({ metadata, spec: { volumes = [] } }) =>
        volumes.some(
          ({ persistentVolumeClaim: claim }) =>
            claim?.claimName === claimRef.name && metadata.namespace === claimRef.namespace,
        ),
      );
      const node = nodes.find(({ metadata }) => metadata.name === pod?.spec.nodeName);
      return [
        {
          disk: terms.flatMap(({ matchExpressions }) => matchExpressions.flatMap(({ values }) => values)),
          node: node?.metadata.labels['topology.disk.csi.azure.com/zone'] ?? 'no node',
        },
      ];
    });
  };
  const nothingIsLeft = async (): Promise<void> => {
    const claims = await session.says('get persistentvolumeclaims -A -o jsonpath={.items[*].metadata.name}');
    expect(claims).toBe('data-kafka-1 data-kafka-2 data-kafka-3');
    await session.says(`delete persistentvolumeclaims --wait=false ${claims}`);
    step(minutes(10));
    expect(await inventory()).toEqual(before);
  };

  beforeAll(async () => {
    await open();
    // By then the metrics server has the size that so many nodes need.
    stepPastSchedules();
    before = await inventory();
  });
  afterAll(async () => {
    await session.close();
    rmSync(data, { recursive: true, force: true });
  });

  describe('applied by the client', () => {
    describe('at first', () => {
      test.concurrent.each(manifestSets)('$name is created', async (set) => {
        const told = (await apply(set, '')).split('\n');
        expect(told.filter((line) => !line.endsWith(' created'))).toEqual([]);
      });
    });

    test('all become ready', becomeReady);

    test('disks are in the zones of their pods', async () => {
      const zones = await diskZones();
      expect(zones.filter(({ disk }) => disk.length === 1)).not.toEqual([]);
      expect(zones.filter(({ disk, node }) => !disk.includes(node))).toEqual([]);
    });

    test('load balancers have addresses, the inner one of the subnet', async () => {
      const paths = '.metadata.name,ADDRESS:.status.loadBalancer.ingress[0].ip,TYPE:.spec.type';
      const lines = (
        await session.says(`get services -A --no-headers -o custom-columns=NAME:${paths}`)
      ).split('\n');
      const addresses = lines
        .filter((line) => line.endsWith('LoadBalancer'))
        .map((line) => line.split(/ +/).slice(0, 2));
      expect(addresses).toHaveLength(4);
      expect(
        addresses.filter(([, address = '']) => address.startsWith('10.224.255.')).map(([name]) => name),
      ).toEqual(['web']);
    });

    test('metrics that nobody serves are said to be so', async () => {
      expect(await session.says('get apiservice v1beta1.custom.metrics.k8s.io --no-headers')).toMatch(
        /monitoring\/prometheus-adapter +False \(FailedDiscoveryCheck\)/,
      );
      expect(await session.refusal('get --raw /apis/custom.metrics.k8s.io/v1beta1')).toContain(
        'the server is currently unable to handle the request',
      );
    });

    describe('again', () => {
      let kept: string;
      beforeAll(async () => {
        kept = await versions();
      });
      test.concurrent.each(manifestSets)('$name is unchanged', async ({ folder }) => {
        expect(changesTold(await session.says(`apply -f ${folder}`))).toEqual([]);
      });
      test('no resource version has changed, and nothing differs', async () => {
        expect(await versions()).toBe(kept);
        expect(await session.says(`diff ${everySet}`)).toBe('');
      });
    });

    test('with the line ends of Windows', async () => {
      const [set] = manifestSets.filter(({ name }) => name === 'kube-prometheus');
      const windows = readFileSync(set?.stages[1] ?? '', 'utf8').replaceAll('\n', '\r\n');
      expect(changesTold(await session.apply(windows))).toEqual([]);
    });

    test('jobs that are over go when their time has come', async () => {
      const jobs = (): Promise<string> =>
        session.says('get jobs -A -l !app -o jsonpath={.items[*].metadata.name}');
      const ending = ['ingress-nginx-admission-create', 'ingress-nginx-admission-patch', 'load'];
      expect((await jobs()).split(' ')).toEqual(expect.arrayContaining(ending));
      step(hours(6));
      expect((await jobs()).split(' ').filter((name) => ending.includes(name))).toEqual([]);
    });

    describe('deleted', () => {
      test.concurrent.each(manifestSets)('$name goes', remove);
    });

    test('nothing is left but the claims that are to be kept', nothingIsLeft);
  });

  describe('applied by the server', () => {
    describe('at first', () => {
      test.concurrent.each(manifestSets)('$name has no conflicts', async (set) => {
        const told = (await apply(set, '--server-side')).split('\n');
        expect(told.filter((line) => !line.endsWith(' serverside-applied'))).toEqual([]);
      });
    });

    test('all become ready', becomeReady);

    test('a restart changes nothing', async () => {
      const columns = [
        'metadata.uid',
        'status.phase',
        'status.podIP',
        'status.containerStatuses[*].restartCount',
      ];
      const pods = (): Promise<string> =>
        session.says(`get pods -A -o custom-columns=${columns.map((path) => `C:.${path}`).join()}`);
      stepPastSchedules();
      const standing = await pods();
      await session.close();
      await open();
      expect(await pods()).toBe(standing);
      expect(unready(await workloads())).toEqual([]);
    });

    describe('again', () => {
      let kept: string;
      beforeAll(async () => {
        kept = await versions();
      });
      test.concurrent.each(manifestSets)('$name is taken', async ({ folder }) => {
        await session.says(`apply --server-side -f ${folder}`);
      });
      test('no resource version has changed, and nothing differs', async () => {
        expect(await versions()).toBe(kept);
        expect(await session.says(`diff --server-side ${everySet}`)).toBe('');
      });
    });

    describe('deleted', () => {
      test.concurrent.each(manifestSets)('$name goes', remove);
    });

    test('nothing is left but the claims that are to be kept', nothingIsLeft);
  });
});
