import type { KubeNode } from '../../kube/index.js';
import { HostPorts } from './host-ports.js';
import type { PodInfo } from './pod-info.js';
import { amountOf, podCount } from './resources.js';
import type { ResourceNames } from './resources.js';

/** A node with what its pods take. Pods may be bound to a node before it is known, and stay when it has gone. */
export class NodeInfo {
  readonly name: string;
  /** Its place in arrays over nodes. */
  readonly slot: number;
  /** Absent while only its pods are known. */
  node: KubeNode | undefined;
  /** Amounts by the resource's number. */
  allocatable: number[] = [];
  readonly requested: number[] = [];
  nonZeroCpu = 0;
  nonZeroMemory = 0;
  /** By uid. */
  readonly pods = new Map<string, PodInfo>();
  readonly ports = new HostPorts();
  /** Pods that wait for this node to have room (status.nominatedNodeName). */
  nominated: readonly PodInfo[] = [];
  readonly #names: ResourceNames;

  constructor(name: string, slot: number, names: ResourceNames) {
    this.name = name;
    this.slot = slot;
    this.#names = names;
  }

  setNode(node: KubeNode): void {
    if (this.node?.status.allocatable !== node.status.allocatable || !this.node) {
      this.allocatable = [];
      for (const [name, quantity] of Object.entries(node.status.allocatable ?? {}))
        this.allocatable[this.#names.indexOf(name)] = amountOf(name, quantity);
    }
    this.node = node;
  }

  allocatableOf(resource: number): number {
    return this.allocatable[resource] ?? 0;
  }

  requestedOf(resource: number): number {
    return this.requested[resource] ?? 0;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.node?.metadata.labels ?? noLabels;
  }

  add(info: PodInfo): void {
    this.pods.set(info.uid, info);
    this.#count(info, 1);
    this.ports.add(info.shape.hostPorts);
  }

  remove(info: PodInfo): void {
    this.pods.delete(info.uid);
    this.#count(info, -1);
    this.ports.remove(info.shape.hostPorts);
  }

  /** Brings the pods, which are the same, into an order. */
  order(pods: readonly PodInfo[]): void {
    this.pods.clear();
    for (const info of pods) this.pods.set(info.uid, info);
  }

  #count({ shape: { resources } }: PodInfo, sign: 1 | -1): void {
    for (const { resource, amount } of resources.requests)
      this.requested[resource] = this.requestedOf(resource) + sign * amount;
    this.requested[podCount] = this.requestedOf(podCount) + sign;
    this.nonZeroCpu += sign * resources.nonZero.cpu;
    this.nonZeroMemory += sign * resources.nonZero.memory;
  }
}

const noLabels: Readonly<Record<string, string>> = {};
