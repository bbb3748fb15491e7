import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../kube/index.js';
import { node, pod } from '../fixtures.js';
import { bucketsOfQuery } from './buckets.js';
import { ClusterCache } from './cluster-cache.js';
import type { DomainCounter } from './domain-counter.js';
import type { LabelSet } from './label-sets.js';
import { compileQuery } from './matchers.js';
import type { PodQuery } from './matchers.js';
import type { NodeInfo } from './node-info.js';
import type { PodInfo } from './pod-info.js';
import type { SpreadCounter } from './spread-counter.js';
import type { Tally } from './tally.js';

const nodeNames = ['a', 'b', 'c', 'd'];
const zones = ['z1', 'z2', 'z3'];
const keys = ['zone', 'host'];

const nodeDraft = fc.record({
  zone: fc.option(fc.constantFrom(...zones), { nil: undefined }),
  tainted: fc.boolean(),
  cpu: fc.constantFrom('2', '4'),
});
const podDraft = fc.record({
  app: fc.constantFrom('x', 'y'),
  namespace: fc.constantFrom('one', 'two'),
  isTerminating: fc.boolean(),
  cpu: fc.option(fc.constantFrom('100m', '1'), { nil: undefined }),
  port: fc.option(fc.constantFrom(80, 443), { nil: undefined }),
  carries: fc.constantFrom('nothing', 'required affinity', 'required anti-affinity', 'preferred'),
});
type PodShapeDraft = typeof podDraft extends fc.Arbitrary<infer T> ? T : never;
type NodeShapeDraft = typeof nodeDraft extends fc.Arbitrary<infer T> ? T : never;

function nodeOf(name: string, { zone, tainted, cpu }: NodeShapeDraft) {
  return node(name, {
    labels: { host: name, ...(zone !== undefined && { zone }) },
    ...(tainted && { taints: [{ key: 'k', effect: 'NoSchedule' }] }),
    allocatable: { cpu },
  });
}

const term = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'x' } } };

function affinityOf(carries: PodShapeDraft['carries']): Pod['spec']['affinity'] {
  if (carries === 'nothing') return undefined;
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
  if (carries === 'required affinity') return { podAffinity: required };
  if (carries === 'required anti-affinity') return { podAntiAffinity: required };
  const weighted = [{ weight: 3, podAffinityTerm: term }];
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: weighted } };
}

function podOf(name: string, { app, namespace, isTerminating, cpu, port, carries }: PodShapeDraft): Pod {
  const affinity = affinityOf(carries);
  return pod(name, {
    namespace,
    labels: { app },
    isTerminating,
    spec: {
      containers: [
        {
          name: 'c',
          ...(cpu !== undefined && { resources: { requests: { cpu } } }),
          ...(port !== undefined && { ports: [{ containerPort: port, hostPort: port }] }),
        },
      ],
      ...(affinity && { affinity }),
    },
  });
}

const someNode = fc.constantFrom(...nodeNames);
const somePod = fc.nat(20);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('put node' as const), name: someNode, node: nodeDraft }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove node' as const), name: someNode }) },
  // Described when it comes, put on a node later: pods wait in between.
  { weight: 5, arbitrary: fc.record({ do: fc.constant('describe' as const), pod: podDraft }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('assign' as const), at: somePod, name: someNode }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove pod' as const), at: somePod }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('nominate' as const),
      at: somePod,
      name: fc.option(someNode, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('try' as const), at: somePod, name: someNode }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('suppose' as const),
      at: somePod,
      name: someNode,
      other: someNode,
      node: nodeDraft,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('count' as const),
      kind: fc.nat(3),
      key: fc.constantFrom(...keys),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('let go' as const), at: fc.nat(5) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What counters count: pods by label, by namespace, or all that are not being deleted. */
const questions: readonly { readonly query: PodQuery; readonly living: boolean }[] = [
  { query: { selector: { matchLabels: { app: 'x' } }, namespaces: ['one', 'two'] }, living: false },
  { query: { selector: { matchLabels: { app: 'y' } }, namespaces: ['one'] }, living: false },
  { query: { selector: {}, namespaces: ['two'] }, living: true },
  { query: { selector: {}, namespaces: [], namespaceSelector: {} }, living: true },
];

const asksFor = (kind: number, { namespace, labels, isTerminating }: LabelSet): boolean => {
  const { query, living } = questions[kind] as (typeof questions)[number];
  return !(living && isTerminating) && compileQuery(query, () => ({}))(namespace, labels);
};

interface Watched {
  readonly kind: number;
  readonly topologyKey: string;
  readonly tally: Tally;
  /** Over all nodes. */
  readonly counter: DomainCounter;
  /** Over those without taints. */
  readonly spread: SpreadCounter;
  readonly names: readonly [matcher: string, counter: string];
}

const isUntainted = ({ node: seen }: NodeInfo): boolean => (seen?.spec.taints ?? []).length === 0;

/** The cache beside a plain account of what it should hold. */
class Model {
  readonly cache = new ClusterCache();
  readonly infos: PodInfo[] = [];
  readonly #nodes = new Map<string, ReturnType<typeof node>>();
  readonly #on = new Map<PodInfo, string>();
  readonly #nominated = new Map<PodInfo, string>();
  #watched: Watched[] = [];

  run(one: Step): void {
    const { cache } = this;
    switch (one.do) {
      case 'put node': {
        const object = nodeOf(one.name, one.node);
        this.#nodes.set(one.name, object);
        cache.putNode(object);
        return;
      }
      case 'remove node':
        this.#nodes.delete(one.name);
        cache.removeNode(one.name);
        return;
      case 'describe':
        this.infos.push(cache.describe(podOf(`p${String(this.infos.length)}`, one.pod)));
        return;
      case 'count':
        this.#count(one.kind, one.key);
        return;
      case 'let go':
        this.#letGo(one.at);
        return;
      default: {
        const info = this.infos[one.at % Math.max(1, this.infos.length)];
        if (info) this.#runOn(info, one);
      }
    }
  }

  #runOn(info: PodInfo, one: Extract<Step, { at: number }>): void {
    const { cache } = this;
    switch (one.do) {
      case 'assign':
        if (this.#on.has(info)) return;
        cache.addPod(info, one.name);
        this.#on.set(info, one.name);
        return;
      case 'remove pod':
        cache.removePod(info.uid);
        this.#on.delete(info);
        return;
      case 'nominate':
        cache.nominate(info, one.name);
        if (one.name === undefined) this.#nominated.delete(info);
        else this.#nominated.set(info, one.name);
        return;
      case 'try':
        this.#try(info, one.name);
        return;
      case 'suppose':
        this.#suppose(info, one);
        return;
      case 'let go':
        return;
    }
  }

  /** Puts a pod on a node for a moment, takes another off it, and expects nothing to stay of it. */
  #try(info: PodInfo, name: string): void {
    const place = this.cache.node(name);
    if (!place || this.#on.has(info)) return;
    const before = this.snapshot();
    const [present] = place.pods.values();
    this.cache.try(place, ({ add, remove }) => {
      add(info);
      if (present) remove(present);
      expect(place.pods.has(info.uid)).toBe(true);
      return undefined;
    });
    expect(this.snapshot()).toEqual(before);
  }

  /** Supposes other nodes and pods, and expects nothing to stay of them. */
  #suppose(info: PodInfo, { name, other, node: draft }: Extract<Step, { do: 'suppose' }>): void {
    const before = this.snapshot();
    this.cache.suppose(({ putNode, removeNode, addPod, removePod, withdraw }) => {
      putNode(nodeOf(name, draft));
      withdraw(info.uid);
      removePod(info.uid);
      addPod(info, name);
      if (other !== name) removeNode(other);
      expect(this.cache.node(name)?.pods.has(info.uid)).toBe(true);
    });
    expect(this.snapshot()).toEqual(before);
  }

  #count(kind: number, topologyKey: string): void {
    const { matchers, labelSets, counters } = this.cache;
    const matcher = `question ${String(kind)}`;
    const name = `${matcher} ${topologyKey}`;
    const { query } = questions[kind] as (typeof questions)[number];
    const counts = (set: LabelSet) => asksFor(kind, set);
    const tally = matchers.acquire(matcher, { buckets: bucketsOfQuery(query), counts }, labelSets);
    const counter = counters.acquire(name, topologyKey, tally);
    const spread = counters.acquireSpread(name, topologyKey, tally, isUntainted);
    this.#watched.push({ kind, topologyKey, tally, counter, spread, names: [matcher, name] });
  }

  #letGo(at: number): void {
    const [gone] = this.#watched.splice(at, 1);
    if (!gone) return;
    const { matchers, labelSets, counters } = this.cache;
    counters.releaseSpread(gone.names[1]);
    counters.release(gone.names[1]);
    matchers.release(gone.names[0], labelSets);
  }

  /** All that can be read of the cache, in plain values. */
  snapshot(): unknown {
    const { cache } = this;
    return {
      version: cache.version,
      nodes: cache.nodes.map((info) => ({
        name: info.name,
        generation: cache.generations.of(info.slot),
        requested: [0, 1, 2, 3].map((at) => info.requestedOf(at)),
        nonZero: [info.nonZeroCpu, info.nonZeroMemory],
        pods: [...info.pods.keys()],
        nominated: info.nominated.map(({ uid }) => uid),
        ports: [80, 443].map((port) => info.ports.clashesWith([{ ip: '0.0.0.0', protocol: 'TCP', port }])),
      })),
      counts: this.#watched.map((watched) => this.#read(watched)),
      carried: this.carried(),
    };
  }

  #read({ counter, spread, tally, topologyKey }: Watched): unknown {
    const sums = this.cache.nodes.map(({ name, slot }) => [
      name,
      tally.at(slot),
      counter.sumAt(slot),
      spread.sumAt(slot),
    ]);
    return { topologyKey, isEmpty: counter.isEmpty, domains: spread.domains, least: spread.least, sums };
  }

  /** The sums of the terms that pods carry, where each node is. */
  carried(): unknown {
    return this.cache.terms.matching(this.cache.labelSets.of(podOf('probe', probe))).map((one) => {
      const counter = this.cache.carriedCounter(one);
      return [
        one.kind,
        one.tally.total,
        this.cache.nodes.map(({ name, slot }) => [name, counter.sumAt(slot)]),
      ];
    });
  }

  /** The same cluster told to a cache that knows of nothing yet, counted by plain sums. */
  check(): void {
    for (const info of this.cache.nodes) this.#checkNode(info.name);
    expect([...this.cache.nodes].map(({ name }) => name).sort()).toEqual([...this.#nodes.keys()].sort());
    for (const watched of this.#watched) this.#checkCounts(watched);
    this.#checkCarried();
  }

  #podsOn(name: string): readonly PodInfo[] {
    return [...this.#on].flatMap(([info, on]) => (on === name ? [info] : []));
  }

  #checkNode(name: string): void {
    const info = this.cache.node(name);
    const pods = this.#podsOn(name);
    expect([...(info?.pods.keys() ?? [])].sort()).toEqual(pods.map(({ uid }) => uid).sort());
    const cpus = pods.map(({ pod: { spec } }) => spec.containers[0]?.resources?.requests?.['cpu']);
    const milli = { '100m': 100, '1': 1000 } as Readonly<Record<string, number>>;
    const sum = (missing: number) =>
      cpus.reduce((total, cpu) => total + (cpu === undefined ? missing : (milli[cpu] ?? NaN)), 0);
    expect(info?.requestedOf(0)).toBe(sum(0));
    expect(info?.nonZeroCpu).toBe(sum(100));
    expect(info?.requestedOf(3)).toBe(pods.length);
    const nominated = [...this.#nominated].flatMap(([one, to]) => (to === name ? [one.uid] : []));
    expect(info?.nominated.map(({ uid }) => uid).sort()).toEqual(nominated.sort());
    for (const port of [80, 443]) {
      const isTaken = pods.some(({ pod: { spec } }) => spec.containers[0]?.ports?.[0]?.hostPort === port);
      expect(info?.ports.clashesWith([{ ip: '10.0.0.1', protocol: 'TCP', port }])).toBe(isTaken);
    }
  }

  #checkCounts({ kind, topologyKey, tally, counter, spread }: Watched): void {
    const countOn = (name: string) => this.#podsOn(name).filter(({ labels }) => asksFor(kind, labels)).length;
    const [all, untainted] = [new Map<string, number>(), new Map<string, number>()];
    for (const [name, object] of this.#nodes) {
      const domain = object.metadata.labels?.[topologyKey];
      if (domain === undefined) continue;
      for (const sums of object.spec.taints ? [all] : [all, untainted])
        sums.set(domain, (sums.get(domain) ?? 0) + countOn(name));
    }
    for (const [name, { metadata }] of this.#nodes) {
      const slot = this.cache.node(name)?.slot ?? NaN;
      const domain = metadata.labels?.[topologyKey];
      const sumIn = (sums: ReadonlyMap<string, number>) =>
        domain === undefined ? undefined : (sums.get(domain) ?? 0);
      expect([tally.at(slot), counter.sumAt(slot), spread.sumAt(slot)]).toEqual([
        countOn(name),
        sumIn(all),
        sumIn(untainted),
      ]);
    }
    expect(counter.isEmpty).toBe([...all.values()].every((sum) => sum === 0));
    expect(spread.domains).toBe(untainted.size);
    expect(spread.least).toBe(untainted.size === 0 ? undefined : Math.min(...untainted.values()));
  }

  #checkCarried(): void {
    const weights = { 'required affinity': 1, 'required anti-affinity': 1, preferred: -3 };
    for (const one of this.cache.terms.matching(this.cache.labelSets.of(podOf('probe', probe)))) {
      const weightOf = ({ pod: { spec }, labels }: PodInfo): number =>
        labels.namespace === 'one' && carriedBy(spec.affinity) === one.kind ? weights[one.kind] : 0;
      const total = [...this.#on.keys()].reduce((sum, info) => sum + weightOf(info), 0);
      expect(one.tally.total).toBe(total);
      const counter = this.cache.carriedCounter(one);
      for (const [name, { metadata }] of this.#nodes) {
        const zone = metadata.labels?.['zone'];
        const here = [...this.#nodes].filter(([, other]) => other.metadata.labels?.['zone'] === zone);
        const sum = here
          .flatMap(([other]) => this.#podsOn(other))
          .reduce((all, info) => all + weightOf(info), 0);
        const slot = this.cache.node(name)?.slot ?? NaN;
        expect(counter.sumAt(slot)).toBe(zone === undefined ? undefined : sum);
      }
    }
  }
}

/** Terms that pods of the namespace `one` carry are about this one. */
const probe: PodShapeDraft = {
  app: 'x',
  namespace: 'one',
  isTerminating: false,
  cpu: undefined,
  port: undefined,
  carries: 'nothing',
};

function carriedBy(affinity: Pod['spec']['affinity']): string | undefined {
  if (affinity?.podAffinity) return 'required affinity';
  const { podAntiAffinity } = affinity ?? {};
  if (!podAntiAffinity) return undefined;
  return podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution
    ? 'required anti-affinity'
    : 'preferred';
}

describe('the cache', () => {
  test('counts as a count from scratch would, whatever has happened', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
        const model = new Model();
        for (const one of steps) model.run(one);
        model.check();
      }),
      { numRuns: 150 },
    );
  });
});
