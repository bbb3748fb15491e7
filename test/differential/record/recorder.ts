/** Lets a kube-scheduler decide cases, one after the other in the same cluster, which is empty again after each. */
import type { Case, Decision } from '../case.js';
import type { Metadata, Pod } from '../objects.js';
import { ApiError } from './api.js';
import type { Api, Json } from './api.js';
import { essentialsOf } from './essentials.js';
import { pause } from './programs.js';
import { pathOf, resources } from '../resources.js';
import type { SchedulerProcess } from './scheduler-process.js';

/** The API server does not take an object of a case, or nothing was decided. */
export class NotRecorded extends Error {
  override readonly name = 'NotRecorded';
}

interface ApiObject {
  readonly metadata: Metadata;
  readonly status?: object;
}

type List = keyof typeof resources;

/** In the order in which they are made: what others refer to comes first. */
const beforeNodes = [
  'services',
  'replicationControllers',
  'replicaSets',
  'statefulSets',
  'storageClasses',
  'csiDrivers',
  'csiStorageCapacities',
  'csiNodes',
  'persistentVolumes',
  'persistentVolumeClaims',
  'volumeAttachments',
  'podDisruptionBudgets',
  'deviceClasses',
  'resourceSlices',
  'resourceClaims',
] as const satisfies readonly List[];

/** A gate that holds pods back: for good, or until all that belongs to them is there. */
const gate = 'recorder.example.com/wait';

/** Milliseconds that the scheduler may take, for what it does at once. */
const longest = 20_000;

export class Recorder {
  readonly #api: Api;
  readonly #namespaces: readonly string[];
  readonly #labelsOfNamespaces = new Map<string, string>();
  #pending: Pod | undefined;
  #stopWatch: () => void = () => undefined;

  private constructor(api: Api, namespaces: readonly string[]) {
    this.#api = api;
    this.#namespaces = namespaces;
  }

  static async start(api: Api, namespaces: readonly string[]): Promise<Recorder> {
    const recorder = new Recorder(api, namespaces);
    for (const name of namespaces) await recorder.#make('/api/v1/namespaces', { metadata: { name } });
    recorder.#stopWatch = await api.watch(
      '/api/v1/pods?fieldSelector=metadata.name%3Dpending',
      (type, object) => {
        const pod = object as unknown as Pod;
        // What was decided first is what counts.
        if (type !== 'MODIFIED' || !isDecided(pod) || recorder.#pending?.metadata.uid === pod.metadata.uid)
          return;
        recorder.#pending = pod;
      },
    );
    return recorder;
  }

  stop(): void {
    this.#stopWatch();
  }

  /**
   * The case as the API server returned it, with the decision; the cluster is empty again.
   * @throws NotRecorded
   */
  async record(input: Case, scheduler: SchedulerProcess): Promise<Case> {
    scheduler.forget();
    try {
      const made = await this.#build(input, scheduler);
      const decision = await this.#decided(made.pod, scheduler);
      return { ...made, decision: withoutChance(decision, made.pods) };
    } catch (error) {
      if (error instanceof ApiError) throw new NotRecorded(error.message.replace(/^.*? is invalid: /, ''));
      throw error;
    } finally {
      await this.#clear(input, scheduler);
    }
  }

  async #build(input: Case, scheduler: SchedulerProcess): Promise<Case> {
    const namespaces = await Promise.all(this.#namespaces.map((name) => this.#label(name, input)));
    const ownOf = ({ metadata }: ApiObject): boolean =>
      metadata.ownerReferences?.some(({ kind, uid }) => kind === 'Pod' && uid === input.pod.metadata.uid) ===
      true;
    const lists: Partial<Record<List, Json[]>> = {};
    for (const list of beforeNodes) {
      const objects = (input[list] as readonly ApiObject[] | undefined)?.filter((each) => !ownOf(each)) ?? [];
      if (input[list] !== undefined) lists[list] = await this.#makeAll(list, objects);
    }
    lists.nodes = await this.#makeAll('nodes', input.nodes);
    await this.#until(
      'the nodes',
      () => seen(scheduler, 'Add event for node', 'node').size === input.nodes.length,
    );
    lists.pods = (await Promise.all(input.pods.map((pod) => this.#makePod(pod).catch(onlyIfRefused)))).filter(
      (pod) => pod !== undefined,
    );
    await pause(20);
    const pod = await this.#makePending(input, lists, ownOf);
    return {
      formatVersion: 1,
      kubernetesVersion: input.kubernetesVersion,
      ...(input.configuration === undefined ? {} : { configuration: input.configuration }),
      ...Object.fromEntries(
        Object.entries(lists).map(([list, objects]) => [
          list,
          objects.toSorted(byRevision).map(essentialsOf),
        ]),
      ),
      namespaces: namespaces.map(essentialsOf),
      pod,
    } as unknown as Case;
  }

  /** The pod to decide on. One that comes with a history, or that others belong to, is held back by a gate until that is there. */
  async #makePending(
    input: Case,
    lists: Partial<Record<List, Json[]>>,
    ownOf: (object: ApiObject) => boolean,
  ): Promise<Pod> {
    const { metadata, spec, status } = input.pod;
    if (metadata.deletionTimestamp !== undefined || spec.nodeName !== undefined)
      throw new NotRecorded('the pending pod is bound or being deleted');
    const isHeld =
      status?.nominatedNodeName !== undefined ||
      (status?.resourceClaimStatuses ?? []).length > 0 ||
      beforeNodes.some((list) => (input[list] as readonly ApiObject[] | undefined)?.some(ownOf));
    const namespace = metadata.namespace ?? 'default';
    const path = pathOf(resources.pods, namespace);
    const { uid: _, ...rest } = metadata;
    const made = await this.#make(path, {
      metadata: rest,
      spec: isHeld ? { ...spec, schedulingGates: [...(spec.schedulingGates ?? []), { name: gate }] } : spec,
    });
    if (!isHeld) return essentialsOf(made) as unknown as Pod;
    const { uid = '' } = (made as unknown as Pod).metadata;
    for (const list of beforeNodes)
      for (const object of ((input[list] ?? []) as readonly ApiObject[]).filter(ownOf)) {
        const ownerReferences = object.metadata.ownerReferences?.map((each) => ({ ...each, uid }));
        const owned = { ...object, metadata: { ...object.metadata, ownerReferences } } as ApiObject;
        lists[list]?.push(await this.#makeOne(list, owned));
      }
    await this.#api.patch(`${path}/${metadata.name}/status`, {
      status: {
        nominatedNodeName: status?.nominatedNodeName,
        ...(status?.resourceClaimStatuses === undefined
          ? {}
          : { resourceClaimStatuses: status.resourceClaimStatuses }),
      },
    });
    await pause(100);
    const freed = await this.#api.patch(`${path}/${metadata.name}`, {
      spec: { schedulingGates: spec.schedulingGates ?? null },
    });
    return withoutGatedCondition(essentialsOf(freed) as unknown as Pod);
  }

  /** A pod that is there already: bound, terminating, or waiting for room on a node. */
  async #makePod(pod: Pod): Promise<Json> {
    const { uid: _, deletionTimestamp, ...metadata } = pod.metadata;
    const collection = pathOf(resources.pods, metadata.namespace ?? 'default');
    const path = `${collection}/${metadata.name}`;
    const isBound = pod.spec.nodeName !== undefined;
    const made = await this.#make(collection, {
      metadata,
      spec: isBound ? pod.spec : { ...pod.spec, schedulingGates: [{ name: gate }] },
    });
    const { status } = made as { status?: object };
    let last = await this.#api.replace(`${path}/status`, {
      ...made,
      status: { ...status, ...pod.status },
    });
    if (deletionTimestamp !== undefined && isBound)
      last = await this.#api.delete(path, { gracePeriodSeconds: 3600 });
    // Where it stands among the pods is where it was made.
    return {
      ...last,
      metadata: { ...metadataOf(last), resourceVersion: metadataOf(made)['resourceVersion'] },
    };
  }

  #makeAll(list: List, objects: readonly ApiObject[]): Promise<Json[]> {
    return Promise.all(objects.map((object) => this.#makeOne(list, object)));
  }

  async #makeOne(list: List, object: ApiObject): Promise<Json> {
    const { apiVersion, kind } = resources[list];
    const { uid: _, deletionTimestamp, ...metadata } = object.metadata;
    const collection = pathOf(resources[list], metadata.namespace ?? 'default');
    const path = `${collection}/${metadata.name}`;
    const made = await this.#make(collection, {
      ...object,
      apiVersion,
      kind,
      metadata: {
        ...metadata,
        ...(deletionTimestamp === undefined ? {} : { finalizers: ['example.com/hold'] }),
      },
    });
    let last = made;
    if (object.status !== undefined && list !== 'nodes')
      last = await this.#api.replace(`${path}/status`, {
        ...made,
        status: { ...(made as { status?: object }).status, ...object.status },
      });
    if (deletionTimestamp !== undefined) last = await this.#api.delete(path);
    return {
      ...last,
      metadata: { ...metadataOf(last), resourceVersion: metadataOf(made)['resourceVersion'] },
    };
  }

  async #make(path: string, object: Json): Promise<Json> {
    try {
      return await this.#api.create(path, object);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409 && path === '/api/v1/namespaces') return object;
      throw error;
    }
  }

  async #label(name: string, input: Case): Promise<Json> {
    const { labels = {} } = input.namespaces?.find(({ metadata }) => metadata.name === name)?.metadata ?? {};
    const team = labels['team'] ?? null;
    const path = `/api/v1/namespaces/${name}`;
    if (this.#labelsOfNamespaces.get(name) === String(team)) return this.#api.get(path);
    this.#labelsOfNamespaces.set(name, String(team));
    return this.#api.patch(path, { metadata: { labels: { team } } });
  }

  async #decided(pending: Pod, scheduler: SchedulerProcess): Promise<Decision> {
    const { uid } = pending.metadata;
    const isBinding = (): boolean =>
      scheduler.lines('AssumePodVolumes').some(({ values }) => isPending(values['pod']));
    if ((pending.spec.schedulingGates ?? []).length > 0) {
      const message = pending.status?.conditions?.find(({ reason }) => reason === 'SchedulingGated');
      return { message: (message as { message?: string } | undefined)?.message ?? '' };
    }
    await this.#until('a decision', () => this.#pending?.metadata.uid === uid || isBinding());
    const scores = scoresOf(scheduler);
    const pod = this.#pending?.metadata.uid === uid ? this.#pending : undefined;
    const bound =
      pod?.spec.nodeName ??
      scheduler.lines('AssumePodVolumes').find(({ values }) => isPending(values['pod']))?.values['node'];
    if (bound !== undefined) return { node: bound, ...scores };
    const condition = pod?.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const { message = '' } = (condition ?? {}) as { message?: string };
    const preemption = scheduler.lines('Start the preemption asynchronously')[0]?.values;
    if (preemption === undefined) return { message };
    const victims = (): readonly string[] => [
      ...new Set(
        scheduler.lines('Preemptor Pod preempted victim Pod').flatMap(({ values }) => values['victim'] ?? []),
      ),
    ];
    await this.#until('the victims', () => victims().length === Number(preemption['numVictims']));
    return { message, nominatedNode: preemption['node'] ?? '', victims: victims().toSorted() };
  }

  async #clear(input: Case, scheduler: SchedulerProcess): Promise<void> {
    const collections = (list: List): readonly string[] =>
      resources[list].isNamespaced
        ? [
            ...new Set(
              ((list === 'pods' ? [...input.pods, input.pod] : input[list]) as readonly ApiObject[]).map(
                ({ metadata }) => pathOf(resources[list], metadata.namespace ?? 'default'),
              ),
            ),
          ]
        : [pathOf(resources[list])];
    for (const path of collections('pods')) await this.#api.delete(path, { gracePeriodSeconds: 0 });
    const others = beforeNodes.filter((list) => (input[list] ?? []).length > 0);
    const nodes = input.nodes.length > 0 ? (['nodes'] as const) : [];
    for (const list of ['persistentVolumeClaims', 'resourceClaims'] as const)
      for (const { metadata } of input[list] ?? [])
        await this.#api
          .patch(`${pathOf(resources[list], metadata.namespace)}/${metadata.name}`, {
            metadata: { finalizers: null },
          })
          .catch(onlyIfGone);
    for (const list of [...others, ...nodes])
      for (const path of collections(list)) await this.#api.delete(path, { propagationPolicy: 'Background' });
    await this.#until('an empty cluster', () =>
      (
        [
          ['Add event for node', 'Delete event for node', 'node'],
          ['Add event for scheduled pod', 'Delete event for scheduled pod', 'pod'],
        ] as const
      ).every(([added, deleted, key]) => {
        const gone = seen(scheduler, deleted, key);
        return [...seen(scheduler, added, key)].every((name) => gone.has(name));
      }),
    );
    if (scheduler.lines('AssumePodVolumes').length > 0)
      await this.#until('the end of a binding', () =>
        scheduler.everything().some(({ message }) => endsBinding.test(message)),
      );
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    for (const began = performance.now(); !isSo();) {
      if (performance.now() - began > longest) throw new NotRecorded(`waited in vain for ${what}`);
      await pause(4);
    }
  }
}

const endsBinding =
  /^Pod doesn't exist in informer cache|^Error scheduling pod; retrying|^Successfully bound pod/;

const isDecided = ({ spec, status }: Pod): boolean =>
  spec.nodeName !== undefined ||
  status?.conditions?.some(
    ({ type, status: value, reason }) =>
      type === 'PodScheduled' && value === 'False' && reason !== 'SchedulingGated',
  ) === true;

const isPending = (pod: string | undefined): boolean => pod?.endsWith('/pending') === true;

const seen = (scheduler: SchedulerProcess, message: string, key: string): ReadonlySet<string> =>
  new Set(scheduler.lines(message).flatMap(({ values }) => values[key] ?? []));

/** By node and plugin, of the first attempt. */
function scoresOf(scheduler: SchedulerProcess): Pick<Decision, 'scores'> {
  const scores: Record<string, Record<string, number>> = {};
  for (const { values } of scheduler.lines('Plugin scored node for pod')) {
    const { pod, node = '', plugin = '', score = '' } = values;
    if (isPending(pod)) scores[node] = { [plugin]: Number(score), ...scores[node] };
  }
  return Object.keys(scores).length > 0 ? { scores } : {};
}

const metadataOf = (object: Json): Json => object['metadata'] as Json;

const byRevision = (left: Json, right: Json): number =>
  Number(metadataOf(left)['resourceVersion']) - Number(metadataOf(right)['resourceVersion']);

function onlyIfRefused(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 422) return undefined;
  throw error;
}

/** Which of two pods of one priority that started at one time has to go is chance: then the victims are not kept. */
function withoutChance(decision: Decision, pods: readonly Pod[]): Decision {
  const { victims = [], ...rest } = decision;
  const weightOf = ({ spec, status }: Pod): string =>
    `${String(spec.priority ?? 0)} ${status?.startTime ?? ''}`;
  const isVictim = ({ metadata }: Pod): boolean =>
    victims.includes(`${metadata.namespace ?? ''}/${metadata.name}`);
  const there = pods.filter(({ spec }) => spec.nodeName === decision.nominatedNode);
  const gone = new Set(there.filter(isVictim).map(weightOf));
  return there.some((pod) => !isVictim(pod) && gone.has(weightOf(pod))) ? rest : decision;
}

function onlyIfGone(error: unknown): void {
  if (!(error instanceof ApiError && error.status === 404)) throw error;
}

/** A pod that has no gate of its own is as if it had had none. */
function withoutGatedCondition(pod: Pod): Pod {
  if ((pod.spec.schedulingGates ?? []).length > 0) return pod;
  const conditions = pod.status?.conditions?.filter(({ reason }) => reason !== 'SchedulingGated') ?? [];
  return { ...pod, status: { ...pod.status, conditions } };
}
