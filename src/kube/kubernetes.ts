import type { Clock, Seed } from '../sim/index.js';
import type { Collection, Store, Transaction } from '../store/index.js';
import { admissionChain } from './admission/index.js';
import { Lists, ObjectApi, WatchHub, checkPreconditions, entryOf, ownRequester } from './api/index.js';
import type { DeleteOptions, DeletionRequest, Scope, WriteContext } from './api/index.js';
import { Authorizer } from './authorization/index.js';
import { Kinds } from './custom/index.js';
import { CertificateSigner } from './certificates/index.js';
import {
  bareCluster,
  bootstrapCluster,
  clusterProfiles,
  isBootstrapped,
  removeCluster,
} from './cluster/index.js';
import type { ClusterProfile } from './cluster/index.js';
import { controlPlaneRecords } from './control-plane-records.js';
import { builtInTypes, pods } from './kinds/index.js';
import type { Pod } from './kinds/index.js';
import { startControllers, startSigning } from './controllers/index.js';
import type { ControlPlaneKeys } from './keys.js';
import { containerLog, startKubelets } from './kubelet/index.js';
import type { ContainerLog, KubeletTimings, LogOptions } from './kubelet/index.js';
import { resume, silence } from './nodes/index.js';
import { canonicalJson } from './object.js';
import type { KubeObject } from './object.js';
import { fastVolumes } from './volumes/index.js';
import type { VolumeTimings } from './volumes/index.js';
import { OwnReplies } from './webhooks/index.js';
import type { WebhookReplies } from './webhooks/index.js';
import { bindPod, evictPod } from './pods/index.js';

/** The collections that Kubernetes objects are kept in. */
export const kubernetesCollections: readonly Collection<never>[] = [
  ...builtInTypes.map(({ collection }) => collection),
  ...controlPlaneRecords,
];

/** Where a pod is to be put, and which one it has to be, if that is said. */
export interface PodBinding {
  readonly node: string;
  readonly uid?: string;
}

/** The Kubernetes control planes of a world: objects of all its clusters, and what acts on them. */
export class Kubernetes {
  readonly objects: ObjectApi;
  readonly lists: Lists;
  readonly watches: WatchHub;
  /** What every cluster serves. */
  readonly kinds: Kinds;
  readonly store: Store;
  readonly context: WriteContext;
  readonly authorizer: Authorizer;
  readonly #clock: Clock;
  readonly #outside = new OwnReplies();

  constructor(init: {
    readonly store: Store;
    readonly clock: Clock;
    readonly seed: Seed;
    /** The minor version of a cluster's control plane. Default: 34 for all. */
    readonly minorOf?: (cluster: string) => number;
  }) {
    const { store, clock, seed, minorOf = () => 34 } = init;
    this.store = store;
    this.#clock = clock;
    this.kinds = new Kinds(store);
    this.authorizer = new Authorizer(store);
    const requester = { ...ownRequester, webhooks: this.#outside };
    const admission = admissionChain({ authorizer: this.authorizer });
    this.context = { clock, seed, admission, requester, kinds: this.kinds, minorOf };
    this.objects = new ObjectApi({ store, context: this.context });
    this.lists = new Lists({ store, clock });
    this.watches = new WatchHub({ store, clock });
  }

  /** Starts the controllers and the nodes' kubelets; what an earlier process left goes on. */
  start(kubelet: KubeletTimings, volumes: VolumeTimings = fastVolumes): void {
    const parts = { store: this.store, clock: this.#clock, context: this.context };
    startControllers(parts, volumes);
    startKubelets(parts, kubelet);
  }

  /** From now on, webhooks outside of the world are asked about what the control plane's own loops write. */
  reachWebhooks(replies: WebhookReplies): void {
    this.#outside.connect(replies);
  }

  /** Takes the keys of the process that serves the clusters, and signs what waits for them. Once in a world's life. */
  sign(keys: ControlPlaneKeys): void {
    const parts = { store: this.store, clock: this.#clock, context: this.context };
    startSigning(parts, keys);
    new CertificateSigner(parts, keys).start();
  }

  /** Sets up a new cluster's objects; one that has them is brought up to what is known of it now. */
  putCluster(tx: Transaction, cluster: string, profile: ClusterProfile = bareCluster): void {
    if (!isBootstrapped(tx, cluster)) bootstrapCluster(tx, this.context, cluster, profile);
    const present = tx.get(clusterProfiles, cluster);
    if (canonicalJson(present?.profile ?? {}) !== canonicalJson(profile))
      tx.put(clusterProfiles, cluster, { cluster, profile });
  }

  /** Puts a pod on a node. @throws StatusError 404, 409 */
  bind(
    scope: Scope,
    pod: string,
    { node, uid }: PodBinding,
    request: DeletionRequest = { dryRun: false },
  ): void {
    this.objects.act(request, ({ clock }, tx) => {
      if (uid !== undefined) checkPreconditions(pods, entryOf(tx, pods, scope, pod), { uid });
      bindPod(tx, scope, pod, node, clock.now());
    });
  }

  /** Evicts a pod within its disruption budget. @throws StatusError 404, 429, 500 */
  evict(
    scope: Scope,
    pod: string,
    options: DeleteOptions,
    request: DeletionRequest = { dryRun: false },
  ): void {
    this.objects.act(request, (context, tx) => evictPod(context, tx, scope, pod, options));
  }

  /** The log of a container of a pod; undefined for a pod that is on no node. @throws StatusError 400, 422 */
  log(pod: KubeObject, options: LogOptions): ContainerLog | undefined {
    return containerLog(pod as Pod, options);
  }

  /** Cuts a node's kubelet off from the control plane, or lets it post again; a node without one stays as it is. */
  setKubelet(cluster: string, node: string, to: 'silent' | 'alive'): void {
    const change = to === 'silent' ? silence : resume;
    this.store.transact((tx) => change(tx, this.context, cluster, node));
  }

  /** Takes a deleted cluster's objects away. */
  removeCluster(tx: Transaction, cluster: string): void {
    removeCluster(tx, this.kinds.of(cluster), cluster);
  }
}
