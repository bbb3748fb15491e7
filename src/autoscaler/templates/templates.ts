import type { KubeNode } from '../../kube/index.js';
import type { GroupTemplate } from '../estimator/index.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { Turn } from '../turn.js';
import { templateOf } from './template.js';
import type { TemplateSource } from './template.js';

/** The templates of a cluster's groups, each made when first asked for. */
export class Templates {
  readonly #state: ClusterState;
  readonly #source: TemplateSource;
  readonly #made = new Map<string, GroupTemplate | undefined>();

  constructor(state: ClusterState, { tx, cloud, cluster, now, options, supposed }: Turn) {
    this.#state = state;
    this.#source = { reader: tx, cloud, cluster, now, features: options.features, supposed };
  }

  of(group: string): GroupTemplate | undefined {
    const state = this.#state.groups.get(group);
    if (!state) return undefined;
    if (!this.#made.has(group)) this.#made.set(group, templateOf(state, this.#source));
    return this.#made.get(group);
  }

  nodeOf(group: string): KubeNode | undefined {
    return this.of(group)?.node;
  }
}
