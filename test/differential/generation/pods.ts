import type {
  Container,
  ContainerPort,
  Pod,
  PodAffinity,
  PodAffinityTerm,
  ResourceList,
  TopologySpreadConstraint,
} from '../objects.js';
import type { Chance } from './chance.js';
import { images } from './nodes.js';
import {
  gpu,
  hostname,
  hugePages,
  labelSelector,
  namespaces,
  namespaceSelector,
  nodeSelectorTerm,
  podLabels,
  toleration,
  topologyKeys,
  zone,
} from './vocabulary.js';
import type { Theme } from './vocabulary.js';

const priorities = [-10, 0, 0, 0, 100, 1000, 2_000_000_000] as const;

/** Pods on nodes. */
export function makePods(chance: Chance, theme: Theme, nodeNames: readonly string[]): Pod[] {
  const perNode = nodeNames.length > 20 ? 2 : theme === 'preemption' || theme === 'resources' ? 5 : 3;
  return nodeNames.flatMap((node, index) =>
    withoutClashes(
      chance.make(chance.between(theme === 'preemption' ? 2 : 0, perNode), (number) =>
        boundPod(chance, theme, node, `p${String(index)}-${String(number)}`),
      ),
    ),
  );
}

/** No two containers of a node have the same port of the same address: no scheduler lets them. */
function withoutClashes(pods: readonly Pod[]): readonly Pod[] {
  const used = new Set<string>();
  const isFree = ({ hostPort = 0, hostIP = '', protocol = '' }: ContainerPort): boolean => {
    const key = `${hostIP === '' ? '0.0.0.0' : hostIP} ${protocol} ${String(hostPort)}`;
    if (used.has(key)) return false;
    used.add(key);
    return true;
  };
  const cleared = (container: Container): Container =>
    container.ports === undefined ? container : { ...container, ports: container.ports.filter(isFree) };
  return pods.map((pod) => ({
    ...pod,
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.map(cleared),
      ...(pod.spec.initContainers === undefined
        ? {}
        : { initContainers: pod.spec.initContainers.map(cleared) }),
    },
  }));
}

const startTimes = ['2026-03-01T08:00:00Z', '2026-03-01T09:00:00Z'] as const;

function boundPod(chance: Chance, theme: Theme, nodeName: string, name: string): Pod {
  const pod = basis(chance, theme, name);
  const isTerminating = chance.hits(0.07);
  const isPreempted = isTerminating && chance.hits(0.5);
  const phase = chance.hits(0.03) ? chance.pick(['Succeeded', 'Failed']) : 'Running';
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' };
  return {
    metadata: {
      ...pod.metadata,
      ...(isTerminating ? { deletionTimestamp: '2026-03-01T10:00:00Z' } : {}),
    },
    spec: { ...pod.spec, nodeName },
    status: {
      phase,
      startTime:
        theme === 'preemption' && chance.hits(0.6)
          ? chance.pick(startTimes)
          : `2026-03-01T0${String(chance.between(0, 9))}:${String(chance.between(10, 59))}:${String(chance.between(10, 59))}Z`,
      ...(isPreempted ? { conditions: [condition] } : {}),
      ...chance.maybe(0.05, () => resizing(chance, pod)),
    },
  };
}

/** A resize in place under way. */
function resizing(chance: Chance, { spec }: Pod): NonNullable<Pod['status']> {
  const requests = { cpu: chance.pick(['100m', '700m', '1200m']), memory: chance.pick(['64Mi', '1Gi']) };
  return {
    containerStatuses: spec.containers.map(({ name }) => ({
      name,
      resources: { requests },
      ...chance.maybe(0.5, () => ({ allocatedResources: { cpu: '300m', memory: '256Mi' } })),
    })),
    ...chance.maybe(0.3, () => ({
      conditions: [
        { type: 'PodResizePending', status: 'True', reason: chance.pick(['Infeasible', 'Deferred']) },
      ],
    })),
  };
}

/** Pods that wait for room on a node. */
export const makeNominated = (chance: Chance, theme: Theme, nodeNames: readonly string[]): Pod[] =>
  nodeNames.length === 0
    ? []
    : chance.make(chance.between(1, 3), (index) => ({
        ...basis(chance, theme, `waiting-${String(index)}`),
        status: { phase: 'Pending', nominatedNodeName: chance.pick(nodeNames) },
      }));

/** The pod that is to be scheduled. */
export function makePending(chance: Chance, theme: Theme, nodeNames: readonly string[]): Pod {
  const pod = basis(chance, theme, 'pending');
  const affinity = nodeAffinity(chance, theme, nodeNames);
  const constraints = spreadConstraints(chance, theme);
  const nominatedNodeName =
    nodeNames.length > 0 && chance.hits(theme === 'nominated' ? 0.3 : theme === 'preemption' ? 0.2 : 0.04)
      ? chance.pick([...nodeNames, 'gone'])
      : undefined;
  return {
    metadata: {
      ...pod.metadata,
      ...(chance.hits(0.004) ? { deletionTimestamp: '2026-03-01T10:00:00Z' } : {}),
    },
    spec: {
      ...pod.spec,
      ...(theme === 'preemption' ? { containers: [demanding(chance)] } : {}),
      ...chance.maybe(theme === 'preemption' ? 0.95 : 0.3, () => ({
        priority: chance.pick([100, 1000, 5000]),
      })),
      ...chance.maybe(0.04, () => ({ preemptionPolicy: 'Never' as const })),
      ...chance.maybe(theme === 'nodeAffinity' ? 0.4 : 0.06, () => ({
        nodeSelector: chance.pick([{ disk: 'ssd' }, { rack: 'r1' }, {}] as Record<string, string>[]),
      })),
      ...(affinity === undefined ? {} : { affinity: { ...pod.spec.affinity, nodeAffinity: affinity } }),
      ...(constraints.length > 0 ? { topologySpreadConstraints: constraints } : {}),
      ...chance.maybe(0.005, () => ({ schedulingGates: [{ name: 'example.com/wait' }] })),
      ...chance.maybe(0.005, () => (nodeNames.length > 0 ? { nodeName: chance.pick(nodeNames) } : {})),
    },
    status: { phase: 'Pending', ...(nominatedNodeName === undefined ? {} : { nominatedNodeName }) },
  };
}

function basis(chance: Chance, theme: Theme, name: string): Pod {
  const isAlike = theme === 'spread' || theme === 'defaultSpread';
  const namespace =
    isAlike && chance.hits(0.9) ? 'default' : chance.pick(['default', 'default', ...namespaces]);
  const initContainers = chance.hits(0.15)
    ? chance.make(chance.between(1, 3), (index) => initContainer(chance, theme, index))
    : [];
  const tolerations = chance.make(
    chance.hits(theme === 'taints' ? 0.9 : 0.2) ? chance.between(1, 3) : 0,
    () => toleration(chance),
  );
  const isFinicky = theme === 'affinity' || theme === 'nominated';
  const affinity = {
    ...chance.maybe(isFinicky ? 0.35 : 0.04, () => ({ podAffinity: podAffinity(chance) })),
    ...chance.maybe(isFinicky ? 0.35 : 0.06, () => ({ podAntiAffinity: podAffinity(chance) })),
  };
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      labels: isAlike && chance.hits(0.6) ? { app: 'web', version: '1' } : podLabels(chance),
    },
    spec: {
      schedulerName: 'default-scheduler',
      priority: chance.pick(priorities.slice(0, theme === 'preemption' ? 5 : undefined)),
      containers: chance.make(chance.hits(0.25) ? 2 : 1, (index) =>
        container(chance, theme, `c${String(index)}`),
      ),
      ...(initContainers.length > 0 ? { initContainers } : {}),
      ...(tolerations.length > 0 ? { tolerations } : {}),
      ...(Object.keys(affinity).length > 0 ? { affinity } : {}),
      ...chance.maybe(0.06, () => ({ overhead: { cpu: '130m', memory: '120Mi' } })),
      ...chance.maybe(0.06, () => ({ resources: { requests: podRequests(chance) } })),
    },
  };
}

function container(chance: Chance, theme: Theme, name: string): Container {
  const list = theme === 'preemption' ? crowding(chance) : requests(chance, theme);
  const ports = hostPorts(chance, theme);
  return {
    name,
    image: chance.pick([
      ...images.map((image) => image.name),
      'registry.example/tool',
      'registry.example/alias:1',
    ]),
    ...(Object.keys(list).length > 0 ? { resources: { requests: list } } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

function initContainer(chance: Chance, theme: Theme, index: number): Container {
  return {
    ...container(chance, theme, `i${String(index)}`),
    ...chance.maybe(0.5, () => ({ restartPolicy: 'Always' })),
  };
}

function requests(chance: Chance, theme: Theme): ResourceList {
  const rare = theme === 'resources' ? 0.25 : 0.03;
  const isHuge = chance.hits(theme === 'resources' ? 0.1 : 0.02);
  return {
    ...chance.maybe(0.75, () => ({
      cpu: chance.pick([
        '0',
        '50m',
        '100m',
        '250m',
        '300m',
        '333.3m',
        '500m',
        ...(theme === 'resources' ? ['700m', '1', '1500m'] : ['150m', '20m']),
        isHuge ? '5' : '200m',
      ]),
    })),
    ...chance.maybe(0.7, () => ({
      memory: chance.pick([
        '0',
        '32Mi',
        '100M',
        '128Mi',
        '256Mi',
        '500Mi',
        ...(theme === 'resources' ? ['1Gi', '1536Mi'] : ['64Mi', '200Mi']),
        isHuge ? '9Gi' : '64Mi',
      ]),
    })),
    ...chance.maybe(rare, () => ({ 'ephemeral-storage': chance.pick(['1Gi', '4Gi', '6Gi']) })),
    ...chance.maybe(rare, () => ({ [gpu]: chance.pick(['1', '1', '2', '8']) })),
    ...chance.maybe(rare / 2, () => ({ [hugePages]: chance.pick(['32Mi', '64Mi']) })),
  };
}

/** A few of these fill a node. */
const crowding = (chance: Chance): ResourceList => ({
  cpu: chance.pick(['250m', '400m', '700m', '1']),
  ...chance.maybe(0.5, () => ({ memory: chance.pick(['128Mi', '512Mi', '1Gi']) })),
});

/** A pod that finds no room easily. */
const demanding = (chance: Chance): Container => ({
  name: 'c0',
  image: 'registry.example/tool',
  resources: {
    requests: {
      cpu: chance.pick(['800m', '1', '1600m', '1900m', '3']),
      memory: chance.pick(['64Mi', '900Mi']),
    },
  },
});

const podRequests = (chance: Chance): ResourceList => ({
  ...chance.maybe(0.8, () => ({ cpu: chance.pick(['200m', '800m', '2']) })),
  ...chance.maybe(0.6, () => ({ memory: chance.pick(['100Mi', '700Mi', '2Gi']) })),
});

const hostPorts = (chance: Chance, theme: Theme): readonly ContainerPort[] =>
  chance.hits(theme === 'ports' ? 0.6 : 0.03)
    ? chance.make(chance.between(1, 2), () => ({
        containerPort: 80,
        hostPort: chance.pick([80, 443, 8080, 0]),
        protocol: chance.pick(['TCP', 'TCP', 'UDP']),
        ...chance.maybe(0.5, () => ({ hostIP: chance.pick(['0.0.0.0', '10.0.0.1', '10.0.0.2', '']) })),
      }))
    : [];

function podAffinity(chance: Chance): PodAffinity {
  const isHard = chance.hits(0.6);
  return {
    ...(isHard
      ? {
          requiredDuringSchedulingIgnoredDuringExecution: chance.make(chance.hits(0.25) ? 2 : 1, () =>
            affinityTerm(chance),
          ),
        }
      : {}),
    ...chance.maybe(isHard ? 0.3 : 1, () => ({
      preferredDuringSchedulingIgnoredDuringExecution: chance.make(chance.between(1, 2), () => ({
        weight: chance.between(1, 100),
        podAffinityTerm: affinityTerm(chance),
      })),
    })),
  };
}

const affinityTerm = (chance: Chance): PodAffinityTerm => ({
  topologyKey: chance.pick(topologyKeys),
  ...chance.maybe(0.95, () => ({ labelSelector: labelSelector(chance) })),
  ...chance.maybe(0.2, () => ({ namespaces: [...chance.some(namespaces, 0.5)] })),
  ...chance.maybe(0.25, () => ({ namespaceSelector: namespaceSelector(chance) })),
});

function nodeAffinity(chance: Chance, theme: Theme, nodeNames: readonly string[]) {
  const affinity = {
    ...chance.maybe(theme === 'nodeAffinity' ? 0.6 : 0.05, () => ({
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: chance.make(chance.hits(0.3) ? 2 : 1, () => nodeSelectorTerm(chance, nodeNames)),
      },
    })),
    ...chance.maybe(theme === 'nodeAffinity' ? 0.6 : 0.05, () => ({
      preferredDuringSchedulingIgnoredDuringExecution: chance.make(chance.between(1, 3), () => ({
        weight: chance.between(1, 100),
        preference: nodeSelectorTerm(chance, nodeNames),
      })),
    })),
  };
  return Object.keys(affinity).length > 0 ? affinity : undefined;
}

const spreadConstraints = (chance: Chance, theme: Theme): readonly TopologySpreadConstraint[] =>
  chance.hits(theme === 'spread' ? 0.95 : 0.06)
    ? chance.make(chance.between(1, 3), () => {
        const whenUnsatisfiable = chance.pick(['DoNotSchedule', 'DoNotSchedule', 'ScheduleAnyway'] as const);
        return {
          maxSkew: chance.between(1, 3),
          topologyKey: chance.pick(chance.hits(0.7) ? ([hostname, zone] as const) : topologyKeys),
          whenUnsatisfiable,
          ...chance.maybe(0.95, () => ({ labelSelector: labelSelector(chance) })),
          ...chance.maybe(0.2, () => ({
            matchLabelKeys: [...chance.some(['version', 'tier', 'absent'], 0.6)],
          })),
          ...(whenUnsatisfiable === 'DoNotSchedule'
            ? chance.maybe(0.2, () => ({ minDomains: chance.between(1, 4) }))
            : {}),
          ...chance.maybe(0.3, () => ({ nodeAffinityPolicy: chance.pick(['Honor', 'Ignore'] as const) })),
          ...chance.maybe(0.3, () => ({ nodeTaintsPolicy: chance.pick(['Honor', 'Ignore'] as const) })),
        };
      })
    : [];
