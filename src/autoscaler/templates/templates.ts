import type { KubeNode } from '../../kube/index.js';
import type { GroupTemplate } from '../estimator/index.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { Turn } from '../turn.js';
import { isDrawn, templateOf } from './template.js';
import type { TemplateSource } from './template.js';

/** The templates of a cluster's groups, each made when first asked for. */
export class Templates {
  readonly #state: ClusterState;
  readonly #source: TemplateSource;
  readonly #made = new Map<string, GroupTemplate | undefined>();
  #hasDrawn = false;

  constructor(state: ClusterState, { tx, cloud, cluster, now, options, supposed }: Turn) {
    this.#state = state;
    this.#source = { reader: tx, cloud, cluster, now, features: options.features, supposed };
  }

  of(group: string): GroupTemplate | undefined {
    const state = this.#state.groups.get(group);
    if (!state) return undefined;
    if (!this.#made.has(group)) {
      this.#made.set(group, templateOf(state, this.#source));
      this.#hasDrawn ||= isDrawn(state, this.#source);
    }
    return this.#made.get(group);
  }

  /** Whether one of those that were made is of this loop alone: the next may find otherwise. */
  get hasDrawn(): boolean {
    return this.#hasDrawn;
  }

  nodeOf(group: string): KubeNode | undefined {
    return this.of(group)?.node;
  }
}
