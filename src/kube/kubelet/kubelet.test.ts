import { beforeEach, describe, expect, test } from 'vitest';
import { Bench, container } from './fixture.js';

/*
 * Timelines are what `kubectl get pod -w` shows: seconds, ready, status, restarts. On this bench asking for an image takes a
 * second, pulling nginx 7.2 s more, starting, stopping and noticing an end a second each.
 */
let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

const probe = { httpGet: { port: 80 }, periodSeconds: 10, failureThreshold: 3, successThreshold: 1 };

describe('a pod', () => {
  test('starts once its image is there, and says what it is', () => {
    bench.run({});
    expect(bench.timeline(60)).toEqual(['0 0/1 ContainerCreating 0', '9.2 1/1 Running 0']);
    expect([...bench.events()].sort()).toEqual([
      'Created Created container: c',
      'Pulled Successfully pulled image "nginx:1" in 8.2s (8.2s including waiting). Image size: 72000000 bytes.',
      'Pulling Pulling image "nginx:1"',
      'Started Started container c',
    ]);
    const { status } = bench.pod();
    expect(status).toMatchObject({
      phase: 'Running',
      observedGeneration: 1,
      startTime: '2026-08-21T00:00:00Z',
      hostIP: '10.224.0.4',
      podIP: expect.stringMatching(/^10\.244\.1\.\d+$/) as string,
      containerStatuses: [
        {
          started: true,
          image: 'docker.io/library/nginx:1',
          imageID: expect.stringMatching(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/) as string,
          containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/) as string,
          state: { running: { startedAt: '2026-08-21T00:00:09Z' } },
        },
      ],
    });
    expect(status?.conditions?.map(({ type, status: is }) => `${type}=${is}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
  });

  test.each(['constructor', 'hasownproperty', 'valueof'])('may have a container called %s', (name) => {
    bench.run({ containers: [container({ name })] });
    expect(bench.timeline(60)).toEqual(['0 0/1 ContainerCreating 0', '9.2 1/1 Running 0']);
  });

  test('that is deleted stops its containers, then goes', () => {
    bench.run({});
    bench.pass(20);
    bench.delete();
    expect(bench.timeline(60)).toEqual(['0 1/1 Terminating 0', '1 0/1 Completed 0', '1 gone']);
    expect(bench.events()).toContain('Killing Stopping container c');
  });

  test('that is held by a finalizer has ended all the same', () => {
    bench.run({}, { 'stop-duration': '4s' });
    bench.pass(20);
    bench.change((pod) => ({ ...pod, metadata: { ...pod.metadata, finalizers: ['a.example/hold'] } }));
    bench.delete();
    bench.pass(60);
    expect(bench.pod()).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 0 },
      status: {
        phase: 'Succeeded',
        containerStatuses: [{ state: { terminated: { exitCode: 0, finishedAt: '2026-08-21T00:00:24Z' } } }],
      },
    });
  });

  test('that never started is known to have been cut off', () => {
    bench.run({ restartPolicy: 'Never' });
    bench.pass(5);
    bench.change((pod) => ({ ...pod, metadata: { ...pod.metadata, finalizers: ['a.example/hold'] } }));
    bench.delete();
    bench.pass(0);
    expect(bench.pod().status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } }],
    });
  });

  test.each([
    // behaviour, deletion grace, when it has stopped, exit code
    [{ 'stop-duration': '5s' }, undefined, 5, 0],
    [{ 'stop-duration': '5s', 'stop-exit-code': '143' }, undefined, 5, 143],
    [{ 'stop-duration': '50s' }, undefined, 30, 137],
    [{ 'stop-duration': '50s' }, 7, 7, 137],
  ] as const)(
    'with %j and a grace of %s s stops after %i s with code %i',
    (behaviour, grace, after, code) => {
      bench.run({}, behaviour);
      bench.pass(20);
      bench.change((pod) => ({ ...pod, metadata: { ...pod.metadata, finalizers: ['a.example/hold'] } }));
      bench.delete('p', grace);
      expect(bench.timeline(60)).toContain(`${String(after)} 0/1 ${code === 0 ? 'Completed' : 'Error'} 0`);
      expect(bench.pod().status?.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(code);
    },
  );

  test('whose preStop hook sleeps stops later, and has two seconds at least to end', () => {
    const lifecycle = { preStop: { exec: { command: ['sh', '-c', 'sleep 40'] } } };
    bench.run({ containers: [container({ lifecycle })] }, { 'stop-duration': '5s' });
    bench.pass(20);
    bench.delete();
    expect(bench.timeline(60)).toEqual(['0 1/1 Terminating 0', '32 0/1 Error 0', '32 gone']);
  });

  test('whose second deletion is shorter stops by that one', () => {
    bench.run({}, { 'stop-duration': '50s' });
    bench.pass(20);
    bench.delete();
    bench.pass(3);
    bench.delete('p', 5);
    expect(bench.timeline(60)).toEqual(['2 0/1 Error 0', '2 gone']);
  });

  test('that is active for too long fails', () => {
    bench.run({ activeDeadlineSeconds: 60 });
    expect(bench.timeline(120)).toEqual([
      '0 0/1 ContainerCreating 0',
      '9.2 1/1 Running 0',
      '61 0/1 Completed 0',
    ]);
    expect(bench.pod().status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });

  test('with readiness gates is ready when others say so', () => {
    bench.run({ readinessGates: [{ conditionType: 'example.com/ok' }] });
    bench.pass(20);
    const ready = () => bench.pod().status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready()).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "example.com/ok" does not exist.',
    });
    bench.change((pod) => ({
      ...pod,
      status: {
        ...pod.status,
        conditions: [...(pod.status?.conditions ?? []), { type: 'example.com/ok', status: 'True' }],
      },
    }));
    bench.pass(0);
    expect(ready()?.status).toBe('True');
  });
});

describe('images', () => {
  test('that are there are not pulled again, and are told of by their node', () => {
    bench.run({});
    bench.pass(20);
    bench.run({}, {}, 'q');
    expect(bench.timeline(5, 'q')).toEqual(['0 0/1 ContainerCreating 0', '1 1/1 Running 0']);
    expect(bench.events('q')).toContain('Pulled Container image "nginx:1" already present on machine');
    bench.pass(30);
    expect(bench.node().status.images).toEqual([
      {
        names: [
          expect.stringMatching(/^docker.io\/library\/nginx@sha256:/) as string,
          'docker.io/library/nginx:1',
        ],
        sizeBytes: 72_000_000,
      },
    ]);
  });

  test('are told of for many nodes and images at once', () => {
    const before = bench.store.revision;
    for (let index = 0; index < 8; index += 1)
      bench.run({ containers: [container({ image: `busybox:${String(index)}` })] }, {}, `p${String(index)}`);
    bench.pass(60);
    expect(bench.node().status.images).toHaveLength(8);
    // Each pod is made, taken up and started; then the node tells of all images once.
    expect(bench.store.revision - before).toBe(8 * 3 + 1);
  });

  test('that must be asked for each time take a moment each time', () => {
    const always = [container({ imagePullPolicy: 'Always' })];
    bench.run({ containers: always });
    bench.pass(20);
    bench.run({ containers: always }, {}, 'q');
    expect(bench.timeline(5, 'q')).toEqual(['0 0/1 ContainerCreating 0', '2 1/1 Running 0']);
    expect(bench.events('q')).toContain(
      'Pulled Successfully pulled image "nginx:1" in 1s (1s including waiting). Image size: 72000000 bytes.',
    );
  });

  test('that another pod pulls already come when they come for that one', () => {
    bench.run({});
    bench.pass(5);
    bench.run({}, {}, 'q');
    expect(bench.timeline(20, 'q')).toEqual(['0 0/1 ContainerCreating 0', '4.2 1/1 Running 0']);
  });

  test('of one pod are pulled one after the other', () => {
    bench.run({ containers: [container(), container({ name: 'd', image: 'redis:7' })] });
    expect(bench.timeline(30)).toEqual([
      '0 0/2 ContainerCreating 0',
      '9.2 1/2 ContainerCreating 0',
      '14.7 2/2 Running 0',
    ]);
  });

  test('that must not be pulled wait until another pod brings them', () => {
    bench.run({ containers: [container({ imagePullPolicy: 'Never' })] });
    bench.pass(5);
    expect(bench.events()).toEqual(
      expect.arrayContaining([
        'ErrImageNeverPull Container image "nginx:1" is not present with pull policy of Never',
        'Failed Error: ErrImageNeverPull',
      ]),
    );
    bench.run({}, {}, 'q');
    expect(bench.timeline(20)).toEqual(['8.2 0/1 ContainerCreating 0', '9.2 1/1 Running 0']);
  });

  test('that can not be pulled are tried again, ever later', () => {
    bench.run({}, { 'image-pull-failure': 'not-found for 50s' });
    expect(bench.timeline(200)).toEqual([
      '0 0/1 ContainerCreating 0',
      '1 0/1 ErrImagePull 0',
      '2 0/1 ImagePullBackOff 0',
      '12 0/1 ErrImagePull 0',
      '13 0/1 ImagePullBackOff 0',
      '33 0/1 ErrImagePull 0',
      '34 0/1 ImagePullBackOff 0',
      '82.2 1/1 Running 0',
    ]);
    expect(bench.events()).toEqual(
      expect.arrayContaining([
        'Pulling Pulling image "nginx:1" x4',
        'Failed Error: ErrImagePull x3',
        'BackOff Back-off pulling image "nginx:1" x3',
        'Failed Error: ImagePullBackOff x3',
        'Failed Failed to pull image "nginx:1": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1": failed to resolve reference "docker.io/library/nginx:1": docker.io/library/nginx:1: not found x3',
      ]),
    );
  });

  test('that fail keep no other container of the pod', () => {
    bench.run(
      { containers: [container(), container({ name: 'd', image: 'redis:7' })] },
      { 'c.image-pull-failure': 'unauthorized' },
    );
    bench.pass(30);
    expect(bench.pod().status?.containerStatuses?.map(({ ready }) => ready)).toEqual([false, true]);
  });
});

describe('init containers and sidecars', () => {
  const init = (name: string, more = {}) => container({ name, ...more });
  const sidecar = (name: string, more = {}) => container({ name, restartPolicy: 'Always', ...more });

  test('come in their order, and sidecars never keep a pod from being done', () => {
    bench.run({ initContainers: [init('i'), sidecar('s'), init('j')], restartPolicy: 'Never' });
    expect(bench.timeline(100)).toEqual([
      '0 0/2 Init:0/3 0',
      '12.2 0/2 Init:1/3 0',
      '13.2 1/2 Init:2/3 0',
      '17.2 1/2 PodInitializing 0',
      '18.2 2/2 Running 0',
      '28.2 1/2 Completed 0',
      '29.2 0/2 Completed 0',
    ]);
    expect(bench.pod().status?.phase).toBe('Succeeded');
  });

  test('a sidecar that is slow to start holds up what comes after it', () => {
    bench.run(
      { initContainers: [sidecar('s', { startupProbe: { ...probe, periodSeconds: 2 } })] },
      { 's.ready-delay': '3s' },
    );
    expect(bench.timeline(60)).toEqual([
      '0 0/2 Init:0/1 0',
      '13.2 1/2 PodInitializing 0',
      '14.2 2/2 Running 0',
    ]);
  });

  test('sidecars are stopped last, in the reverse of their order', () => {
    bench.run({ initContainers: [sidecar('a'), sidecar('b')] });
    bench.pass(30);
    bench.delete();
    bench.pass(1.5);
    const running = () =>
      [...(bench.pod().status?.initContainerStatuses ?? []), ...(bench.pod().status?.containerStatuses ?? [])]
        .filter(({ state }) => state.running)
        .map(({ name }) => name);
    expect(running()).toEqual(['a', 'b']);
    bench.pass(1);
    expect(running()).toEqual(['a']);
    bench.pass(1);
    expect(bench.stored()).toBeUndefined();
  });

  test('one that fails is tried again, and keeps the pod from starting', () => {
    bench.run({ initContainers: [init('i')] }, { 'i.exit-code': 2 });
    expect(bench.timeline(45)).toEqual([
      '0 0/1 Init:0/1 0',
      '12.2 0/1 Init:Error 0',
      '14.2 0/1 Init:0/1 0',
      '17.2 0/1 Init:Error 0',
      '18.2 0/1 Init:CrashLoopBackOff 0',
      '28.2 0/1 Init:0/1 0',
      '31.2 0/1 Init:Error 0',
      '32.2 0/1 Init:CrashLoopBackOff 0',
    ]);
    expect(bench.pod().status?.phase).toBe('Pending');
  });

  test('one that fails in a pod that never restarts fails the pod', () => {
    bench.run({ initContainers: [sidecar('s'), init('i')], restartPolicy: 'Never' }, { 'i.exit-code': 2 });
    bench.pass(60);
    expect(bench.pod().status).toMatchObject({ phase: 'Failed' });
  });
});

describe('containers that end', () => {
  test('are restarted at once, then after 10 s, doubling to 5 min', () => {
    bench.run({}, { 'run-duration': '5s', 'exit-code': 1 });
    expect(bench.timeline(1290)).toEqual([
      '0 0/1 ContainerCreating 0',
      '9.2 1/1 Running 0',
      '14.2 0/1 Error 0',
      '16.2 1/1 Running 1',
      '21.2 0/1 Error 1',
      '22.2 0/1 CrashLoopBackOff 1',
      '32.2 1/1 Running 2',
      '37.2 0/1 Error 2',
      '38.2 0/1 CrashLoopBackOff 2',
      '58.2 1/1 Running 3',
      '63.2 0/1 Error 3',
      '64.2 0/1 CrashLoopBackOff 3',
      '104.2 1/1 Running 4',
      '109.2 0/1 Error 4',
      '110.2 0/1 CrashLoopBackOff 4',
      '190.2 1/1 Running 5',
      '195.2 0/1 Error 5',
      '196.2 0/1 CrashLoopBackOff 5',
      '356.2 1/1 Running 6',
      '361.2 0/1 Error 6',
      '362.2 0/1 CrashLoopBackOff 6',
      '662.2 1/1 Running 7',
      '667.2 0/1 Error 7',
      '668.2 0/1 CrashLoopBackOff 7',
      '968.2 1/1 Running 8',
      '973.2 0/1 Error 8',
      '974.2 0/1 CrashLoopBackOff 8',
      '1274.2 1/1 Running 9',
      '1279.2 0/1 Error 9',
      '1280.2 0/1 CrashLoopBackOff 9',
    ]);
    const { uid } = bench.pod().metadata;
    expect(bench.pod().status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 9,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 5m0s restarting failed container=c pod=p_default(${uid})`,
        },
      },
      lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt: '2026-08-21T00:21:14Z' } },
    });
    expect(bench.events()).toContain(
      `BackOff Back-off restarting failed container c in pod p_default(${uid}) x9`,
    );
  });

  test('are restarted at once again after ten minutes of running', () => {
    bench.run({}, { 'run-duration': '600s' });
    bench.pass(1200);
    expect(bench.timeline(30)).toEqual(['11.2 0/1 Completed 1', '13.2 1/1 Running 2']);
  });

  test.each([
    // restartPolicy, exit code, status after a while
    ['Never', 0, 'Succeeded', 0],
    ['Never', 3, 'Failed', 0],
    ['OnFailure', 0, 'Succeeded', 0],
    ['OnFailure', 3, 'Running', 2],
    ['Always', 0, 'Running', 2],
  ] as const)('of a pod that restarts %s, with code %i: %s', (restartPolicy, code, phase, restarts) => {
    bench.run({ restartPolicy }, { 'run-duration': '5s', 'exit-code': code });
    bench.pass(45);
    expect(bench.pod().status).toMatchObject({ phase, containerStatuses: [{ restartCount: restarts }] });
  });

  test('that can not be started say why', () => {
    bench.run(
      { restartPolicy: 'Never' },
      { 'start-failure': 'exec: "app": executable file not found in $PATH' },
    );
    bench.pass(20);
    expect(bench.pod().status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [
        {
          state: {
            terminated: {
              exitCode: 128,
              reason: 'StartError',
              startedAt: '1970-01-01T00:00:00Z',
              message: expect.stringContaining(
                'exec: "app": executable file not found in $PATH: unknown',
              ) as string,
            },
          },
        },
      ],
    });
  });

  test('fail by chance, the same way each time', () => {
    const run = (other: Bench) => {
      for (let index = 0; index < 40; index += 1)
        other.run(
          { restartPolicy: 'Never' },
          { 'run-duration': '1s', 'failure-chance': '25%' },
          `p${String(index)}`,
        );
      other.pass(30);
      return Array.from({ length: 40 }, (_, index) => other.pod(`p${String(index)}`).status?.phase);
    };
    const phases = run(bench);
    expect(phases.filter((phase) => phase === 'Failed').length).toBeGreaterThan(3);
    expect(phases.filter((phase) => phase === 'Failed').length).toBeLessThan(20);
    expect(run(new Bench())).toEqual(phases);
  });
});

describe('what containers refer to', () => {
  const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }];

  test('has to be there before they are made', () => {
    bench.run({ containers: [container({ env })] });
    bench.pass(20);
    const waiting = () => bench.pod().status?.containerStatuses?.[0]?.state.waiting;
    expect(waiting()).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "settings" not found',
    });
    bench.create('configmaps', { metadata: { name: 'settings' }, data: { b: '1' } });
    bench.pass(0);
    expect(bench.events()).toContain('Failed Error: configmap "settings" not found');
    bench.create('configmaps', { metadata: { name: 'other' } });
    bench.run({ containers: [container({ envFrom: [{ secretRef: { name: 'key' } }] })] }, {}, 'q');
    bench.pass(5);
    expect(bench.timeline(1, 'q')).toEqual([]);
    bench.create('secrets', { metadata: { name: 'key' } });
    expect(bench.timeline(1, 'q')).toEqual(['0 1/1 Running 0']);
  });

  test('may be left out where it is optional', () => {
    const envFrom = [{ configMapRef: { name: 'none', optional: true } }];
    bench.run({ containers: [container({ envFrom })] });
    bench.pass(20);
    expect(bench.pod().status?.phase).toBe('Running');
  });

  test.each([
    [{ secret: { secretName: 's' } }, 'MountVolume.SetUp failed for volume "v" : secret "s" not found'],
    [{ configMap: { name: 'm' } }, 'MountVolume.SetUp failed for volume "v" : configmap "m" not found'],
    [
      { projected: { sources: [{ secret: { name: 's' } }] } },
      'MountVolume.SetUp failed for volume "v" : secret "s" not found',
    ],
    [
      { persistentVolumeClaim: { claimName: 'd' } },
      'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC default/d: failed to fetch PVC from API server: persistentvolumeclaims "d" not found',
    ],
  ])('as a volume %j keeps the pod from starting', (volume, message) => {
    bench.run({ volumes: [{ name: 'v', ...volume }] });
    expect(bench.timeline(20)).toEqual(['0 0/1 ContainerCreating 0']);
    expect(bench.events()).toEqual([`FailedMount ${message}`]);
    expect(bench.pod().status?.podIP).toBeUndefined();
  });

  test('as a volume lets it start once it is there', () => {
    bench.run({ volumes: [{ name: 'v', secret: { secretName: 's' } }] });
    bench.pass(20);
    bench.create('secrets', { metadata: { name: 's' } });
    expect(bench.timeline(20)).toEqual(['0 0/1 ContainerCreating 0', '9.2 1/1 Running 0']);
  });
});

describe('probes', () => {
  const withProbes = (more: object) => ({ containers: [container(more)] });

  test('make a container ready when it serves', () => {
    bench.run(withProbes({ readinessProbe: probe }), { 'ready-delay': '15s' });
    expect(bench.timeline(60)).toEqual([
      '0 0/1 ContainerCreating 0',
      '9.2 0/1 Running 0',
      '29.2 1/1 Running 0',
    ]);
    expect(bench.events()).toContain(
      'Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503',
    );
  });

  test('take a container out and back in, without a restart', () => {
    bench.run(withProbes({ readinessProbe: probe }), { 'readiness-failing': '15s..55s' });
    expect(bench.timeline(120)).toEqual([
      '0 0/1 ContainerCreating 0',
      '9.2 1/1 Running 0',
      '49.2 0/1 Running 0',
      '69.2 1/1 Running 0',
    ]);
  });

  test('restart a container that does not live', () => {
    bench.run(withProbes({ livenessProbe: { ...probe, terminationGracePeriodSeconds: 3 } }), {
      'liveness-failing': '15s..',
      'stop-duration': '10s',
    });
    expect(bench.timeline(60)).toEqual([
      '0 0/1 ContainerCreating 0',
      '9.2 1/1 Running 0',
      '52.2 0/1 Error 0',
      '54.2 1/1 Running 1',
    ]);
    expect(bench.events()).toEqual(
      expect.arrayContaining([
        'Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 503',
        'Killing Container c failed liveness probe, will be restarted',
      ]),
    );
    expect(bench.pod().status?.containerStatuses?.[0]?.lastState.terminated).toMatchObject({ exitCode: 137 });
  });

  test('that wait for the start give up on a container that never does', () => {
    bench.run(withProbes({ startupProbe: { ...probe, tcpSocket: { port: 80 }, httpGet: undefined } }), {
      'startup-failing': '0s..',
    });
    bench.pass(40);
    expect(bench.events()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^Unhealthy Startup probe failed: dial tcp 10\.244\.1\.\d+:80: connect: connection refused/,
        ),
        'Killing Container c failed startup probe, will be restarted',
      ]),
    );
  });

  test('cost nothing while nothing changes', () => {
    bench.run(withProbes({ readinessProbe: probe, livenessProbe: probe }));
    bench.pass(60);
    expect(bench.clock.pending()).toBe(0);
  });
});

describe('memory', () => {
  const limited = [container({ resources: { limits: { memory: '128Mi' }, requests: { memory: '64Mi' } } })];

  test('above its limit kills the container at that moment', () => {
    bench.run({ containers: limited }, { memory: '64Mi', 'memory-leak': '1Mi/s' });
    expect(bench.timeline(80)).toEqual([
      '0 0/1 ContainerCreating 0',
      '9.2 1/1 Running 0',
      '73.001 0/1 OOMKilled 0',
      '75.001 1/1 Running 1',
    ]);
    expect(bench.pod().status?.containerStatuses?.[0]?.lastState.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  test('that stays below it does nothing', () => {
    bench.run({ containers: limited }, { memory: 'sine(32Mi,120Mi,1h)' });
    bench.pass(60);
    expect(bench.clock.pending()).toBe(0);
  });
});

test('an annotation that makes no sense is told, and left aside', () => {
  bench.run({}, { 'run-duration': 'soon', 'nosuch.exit-code': 1, 'c.cpu': 'ramp(1,2)', colour: 'red' });
  bench.pass(20);
  expect(bench.pod().status?.phase).toBe('Running');
  expect(bench.events().filter((text) => text.startsWith('InvalidBehaviour'))).toEqual(
    expect.arrayContaining([
      'InvalidBehaviour poolkeeper.dev/run-duration: "soon": "soon" is not a duration such as 500ms, 90s, 5m or 1h30m',
      'InvalidBehaviour poolkeeper.dev/nosuch.*: the pod has no container "nosuch"; it has c',
      'InvalidBehaviour poolkeeper.dev/c.cpu: "ramp(1,2)": expected ramp(FROM,TO,DURATION)',
    ]),
  );
});

describe('addresses', () => {
  test('of a node are all given once', () => {
    bench.addNode({
      ...bench.node(),
      metadata: { ...bench.node().metadata, name: 'n2', uid: 'u2' },
      spec: { podCIDR: '10.9.0.0/28' },
    });
    for (let index = 0; index < 14; index += 1) bench.run({ nodeName: 'n2' }, {}, `p${String(index)}`);
    bench.pass(0);
    const given = Array.from({ length: 13 }, (_, index) => bench.pod(`p${String(index)}`).status?.podIP);
    expect(new Set(given)).toEqual(
      new Set(Array.from({ length: 13 }, (_, index) => `10.9.0.${String(index + 2)}`)),
    );
    expect(bench.events('p13')[0]).toMatch(/^FailedCreatePodSandBox .*no available addresses$/);
    bench.delete('p3', 0);
    bench.pass(0);
    expect(bench.pod('p13').status?.podIP).toBe(given[3]);
  });

  test('are the node’s own on its network', () => {
    bench.run({ hostNetwork: true });
    bench.pass(0);
    expect(bench.pod().status?.podIP).toBe('10.224.0.4');
  });
});
