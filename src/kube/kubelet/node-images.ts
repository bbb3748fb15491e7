import { WorkQueue } from '../../sim/index.js';
import { defineCollection } from '../../store/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import type { ControllerParts } from '../controllers/controller.js';
import type { KubeNode } from '../nodes/index.js';
import { nodeKey, nodes } from '../nodes/index.js';
import { imageId } from './images.js';

/** An image on a node, or on its way there. */
export interface NodeImage {
  /** Compressed, in bytes. */
  readonly size: number;
  /** When it is there. */
  readonly at: Instant;
}

/** The images of a node, by reference. Kept under the node's key; those of a node that is made anew are none. */
export interface NodeImages {
  readonly cluster: string;
  readonly nodeUid: string;
  readonly images: Readonly<Record<string, NodeImage>>;
  /** True while the node's status does not tell all of them. */
  readonly isNews: boolean;
}

export const nodeImages = defineCollection<NodeImages>('kube/node-images', {
  byCluster: ({ cluster }) => cluster,
  byNews: ({ cluster, isNews }) => (isNews ? cluster : undefined),
});

const none: Readonly<Record<string, NodeImage>> = {};

/** The images of a node. */
export function imagesOf(reader: Reader, cluster: string, { metadata }: KubeNode): NodeImages['images'] {
  const found = reader.get(nodeImages, nodeKey(cluster, metadata.name));
  return found?.nodeUid === metadata.uid ? found.images : none;
}

/** Notes images that a node has begun to pull. */
export function addImages(
  tx: Transaction,
  cluster: string,
  node: KubeNode,
  pulls: Readonly<Record<string, NodeImage>>,
): void {
  const { name, uid } = node.metadata;
  const images = { ...imagesOf(tx, cluster, node), ...pulls };
  tx.put(nodeImages, nodeKey(cluster, name), { cluster, nodeUid: uid, images, isNews: true });
}

/** Images that a node tells of (kubelet: nodeStatusMaxImages). */
const most = 50;
/** Nodes tell of new images at such moments, all at once (inferred: the kubelet lists its images every 30 s). */
const interval = 30_000;

/** Brings the nodes' `status.images` up to date, many nodes in one transaction, for the scheduler to read (ImageLocality). */
export class ImageReports {
  readonly #parts: ControllerParts;
  readonly #queue: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue({
      name: 'node images',
      clock: parts.clock,
      reconcile: (cluster) => this.#report(cluster),
    });
  }

  start(): void {
    const { store } = this.#parts;
    for (const { cluster, isNews } of store.list(nodeImages)) if (isNews) this.#expect(cluster);
    store.watch({ collections: [nodeImages, nodes] }, ({ changes }) => {
      const gone: string[] = [];
      for (const { collection, key, after } of changes) {
        if (collection === nodes.name && !after) gone.push(key);
        else if (collection === nodeImages.name && (after as NodeImages | undefined)?.isNews) {
          this.#expect((after as NodeImages).cluster);
        }
      }
      const left = gone.filter((key) => store.get(nodeImages, key));
      if (left.length > 0) store.transact((tx) => left.forEach((key) => tx.delete(nodeImages, key)));
    });
  }

  #expect(cluster: string): void {
    const now = this.#parts.clock.now();
    this.#queue.addAt(cluster, instant((Math.floor(now / interval) + 1) * interval));
  }

  #report(cluster: string): void {
    const { store, clock } = this.#parts;
    const now = clock.now();
    store.transact((tx) => {
      for (const { key, value } of tx.findEntries(nodeImages, 'byNews', cluster)) {
        const node = tx.get(nodes, key);
        const isThere = node?.object.metadata.uid === value.nodeUid;
        if (node && isThere) {
          const { object } = node;
          const status = { ...object.status, images: listed(value.images, now) };
          tx.put(nodes, key, { ...node, object: { ...object, status } });
        }
        const isNews = isThere && Object.values(value.images).some(({ at }) => at > now);
        tx.put(nodeImages, key, { ...value, isNews });
      }
    });
  }
}

/** The largest images that are there, as a node's status tells them. */
function listed(images: NodeImages['images'], now: Instant) {
  return Object.entries(images)
    .filter(([, { at }]) => at <= now)
    .sort(([one, a], [other, b]) => b.size - a.size || (one < other ? -1 : 1))
    .slice(0, most)
    .map(([reference, { size }]) => ({ names: [imageId(reference), reference], sizeBytes: size }));
}
