import type { KubeNode } from '../../kube/index.js';

/** An image that is on nodes. */
export class ImageState {
  readonly #nodes = new Set<number>();
  #size = 0;

  /** On how many nodes it is. */
  get nodes(): number {
    return this.#nodes.size;
  }

  /** Its size in bytes; undefined on a node where it is not. */
  sizeOn(slot: number): number | undefined {
    return this.#nodes.has(slot) ? this.#size : undefined;
  }

  /** The first node that has it tells its size for all, as in kube-scheduler's cache. */
  put(slot: number, size: number): void {
    if (this.#nodes.size === 0) this.#size = size;
    this.#nodes.add(slot);
  }

  remove(slot: number): void {
    this.#nodes.delete(slot);
  }
}

/** The name that nodes tell an image by: without tag or digest it is `latest` (ImageLocality). */
export function normalizedImage(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}

/** Which images are on which nodes. */
export class Images {
  readonly #states = new Map<string, ImageState>();
  readonly #namesOn = new Map<number, readonly string[]>();

  of(image: string): ImageState {
    const name = normalizedImage(image);
    const state = this.#states.get(name) ?? new ImageState();
    this.#states.set(name, state);
    return state;
  }

  /** Takes up what a node tells of its images; a node that has gone has none. */
  place(slot: number, node: KubeNode | undefined): void {
    for (const name of this.#namesOn.get(slot) ?? []) this.#states.get(name)?.remove(slot);
    const images = node?.status.images ?? [];
    const names: string[] = [];
    for (const { names: tags, sizeBytes } of images) {
      for (const name of tags) {
        // Names are matched as they are told: only what pods ask for is completed.
        const state = this.#states.get(name) ?? new ImageState();
        this.#states.set(name, state);
        state.put(slot, sizeBytes);
        names.push(name);
      }
    }
    if (names.length > 0) this.#namesOn.set(slot, names);
    else this.#namesOn.delete(slot);
  }
}
