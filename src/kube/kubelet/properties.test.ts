import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PodSpec } from '../kinds/index.js';
import { events, pods } from '../kinds/index.js';
import type { Store } from '../../store/index.js';
import { Bench, container } from './fixture.js';

const span = fc.integer({ min: 0, max: 90 }).map((n) => `${String(n)}s`);
const drawn = fc.oneof(
  span,
  fc.tuple(fc.nat(30), fc.nat(60)).map(([a, b]) => `uniform(${String(a)}s,${String(a + b)}s)`),
  span.map((mean) => `exponential(${mean})`),
);
const windows = fc
  .tuple(fc.nat(60), fc.option(fc.integer({ min: 1, max: 90 })))
  .map(([from, length]) => `${String(from)}s..${length === null ? '' : `${String(from + length)}s`}`);

/** Annotations of all kinds, those that make no sense too. */
const behaviour = fc.record(
  {
    'run-duration': fc.oneof(drawn, fc.constant('soon')),
    'exit-code': fc.nat(300).map(String),
    'failure-chance': fc.constantFrom('0', '0.5', '100%', 'often'),
    'start-delay': drawn,
    'ready-delay': drawn,
    'stop-duration': drawn,
    'image-pull-failure': fc.constantFrom('not-found for 40s', 'unauthorized', 'false'),
    'image-size': fc.constantFrom('10M', '2G'),
    'liveness-failing': windows,
    'readiness-failing': windows,
    'startup-failing': windows,
    memory: fc.constantFrom('ramp(10Mi,300Mi,2m)', 'sine(1Mi,120Mi,1m)', '0s=10Mi,30s=200Mi'),
    'memory-leak': fc.constantFrom('1Mi/s', '1Gi/h'),
    'start-failure': fc.constant('exec: "x": not found'),
  },
  { requiredKeys: [] },
);

const probe = fc.record({
  httpGet: fc.constant({ port: 80 }),
  periodSeconds: fc.integer({ min: 1, max: 20 }),
  failureThreshold: fc.integer({ min: 1, max: 3 }),
  initialDelaySeconds: fc.nat(20),
});
const containers = (name: string) =>
  fc
    .record(
      {
        readinessProbe: probe,
        livenessProbe: probe,
        startupProbe: probe,
        imagePullPolicy: fc.constantFrom('Always' as const, 'IfNotPresent' as const),
        resources: fc.constant({ limits: { memory: '128Mi' } }),
      },
      { requiredKeys: [] },
    )
    .map((more) => container({ name, ...more }));

const spec: fc.Arbitrary<Partial<PodSpec>> = fc
  .record({
    containers: fc.oneof(
      containers('c').map((c) => [c]),
      fc.tuple(containers('c'), containers('d')),
    ),
    initContainers: fc.oneof(
      fc.constant([]),
      fc.constant([container({ name: 'i' })]),
      containers('s').map((s) => [{ ...s, restartPolicy: 'Always' as const }]),
      containers('s').map((s) => [container({ name: 'i' }), { ...s, restartPolicy: 'Always' as const }]),
    ),
    restartPolicy: fc.constantFrom('Always' as const, 'OnFailure' as const, 'Never' as const),
    activeDeadlineSeconds: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
    terminationGracePeriodSeconds: fc.constantFrom(0, 1, 5, 30),
  })
  .map(({ activeDeadlineSeconds, initContainers, ...rest }) => ({
    ...rest,
    ...(initContainers.length > 0 && { initContainers }),
    ...(activeDeadlineSeconds !== undefined && { activeDeadlineSeconds }),
  }));

const history = (store: Store) =>
  JSON.stringify([
    store.entries(pods.collection).map(({ value }) => value),
    store.entries(events.collection).map(({ value }) => value),
  ]);

test('a pod that does not restart, or is deleted, ends and stays so, whatever it is like', () => {
  fc.assert(
    fc.property(spec, behaviour, fc.nat(200), (pod, annotations, deletedAt) => {
      const bench = new Bench();
      bench.run(pod, annotations);
      bench.pass(deletedAt);
      const before = bench.pod().status?.phase;
      expect(['Pending', 'Running', 'Succeeded', 'Failed']).toContain(before);
      bench.delete();
      bench.clock.runUntilIdle();
      expect(bench.stored()).toBeUndefined();
      expect(bench.clock.pending()).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('a pod is ready only while all its containers are, and has ended only once none runs', () => {
  fc.assert(
    fc.property(spec, behaviour, (pod, annotations) => {
      const bench = new Bench();
      bench.run(pod, annotations);
      for (let step = 0; step < 12; step += 1) {
        bench.pass(17);
        const {
          phase,
          conditions = [],
          containerStatuses = [],
          initContainerStatuses = [],
        } = bench.pod().status ?? {};
        const all = [...initContainerStatuses, ...containerStatuses];
        const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
        if (isReady) expect(containerStatuses.every(({ ready, state }) => ready && state.running)).toBe(true);
        const hasEnded = phase === 'Succeeded' || phase === 'Failed';
        if (hasEnded) expect(all.filter(({ state }) => state.running)).toEqual([]);
        if (phase === 'Succeeded')
          expect(containerStatuses.every(({ state }) => state.terminated?.exitCode === 0)).toBe(true);
        for (const { state } of all) expect(Object.keys(state)).toHaveLength(1);
      }
    }),
    { numRuns: 40 },
  );
});

test('a world that is closed at any moment and opened again has the same history', () => {
  fc.assert(
    fc.property(
      spec,
      behaviour,
      fc.array(fc.nat(400), { minLength: 1, maxLength: 4 }),
      (pod, annotations, closed) => {
        const straight = new Bench();
        straight.run(pod, annotations);
        straight.pass(400);
        let bench = new Bench();
        bench.run(pod, annotations);
        let passed = 0;
        for (const moment of [...closed].sort((a, b) => a - b)) {
          bench.pass(moment - passed);
          passed = moment;
          bench = bench.reopened();
        }
        bench.pass(400 - passed);
        expect(history(bench.store)).toBe(history(straight.store));
      },
    ),
    { numRuns: 40 },
  );
});

test('a container that is added at any moment runs once at most, and goes with its pod', () => {
  const added = fc.record({ at: fc.nat(150), stdin: fc.boolean() });
  fc.assert(
    fc.property(spec, behaviour, added, (pod, annotations, { at, stdin }) => {
      let bench = new Bench();
      bench.run(pod, annotations);
      bench.pass(at);
      const debugging = { ...container({ name: 'debug', image: 'busybox:1' }), stdin };
      bench.change((one) => ({ ...one, spec: { ...one.spec, ephemeralContainers: [debugging] } }));
      let hasEnded = false;
      for (let step = 0; step < 12; step += 1) {
        bench.pass(17);
        bench = bench.reopened();
        const [status] = bench.pod().status?.ephemeralContainerStatuses ?? [];
        if (!status) continue;
        expect([status.ready, status.restartCount, status.lastState]).toEqual([false, 0, {}]);
        if (hasEnded) expect(status.state.terminated).toBeDefined();
        hasEnded = status.state.terminated !== undefined;
      }
      const { phase } = bench.pod().status ?? {};
      if (phase === 'Succeeded' || phase === 'Failed')
        expect(
          bench.pod().status?.ephemeralContainerStatuses?.filter(({ state }) => state.running) ?? [],
        ).toEqual([]);
      bench.delete();
      bench.clock.runUntilIdle();
      expect(bench.stored()).toBeUndefined();
      expect(bench.clock.pending()).toBe(0);
    }),
    { numRuns: 40 },
  );
});
