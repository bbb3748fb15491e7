import type { HostPort } from './pod-info.js';

const everyAddress = '0.0.0.0';

/** The ports of a node that its pods have taken. */
export class HostPorts {
  /** How many pods take an address, by protocol and port. */
  readonly #taken = new Map<string, Map<string, number>>();

  add(ports: readonly HostPort[]): void {
    for (const port of ports) this.#change(port, 1);
  }

  remove(ports: readonly HostPort[]): void {
    for (const port of ports) this.#change(port, -1);
  }

  /** True when one of the ports can't be taken: all addresses clash with any of the same port (NodePorts). */
  clashesWith(ports: readonly HostPort[]): boolean {
    return ports.some(({ ip, protocol, port }) => {
      const taken = this.#taken.get(keyOf(protocol, port));
      if (!taken) return false;
      return ip === everyAddress || taken.has(everyAddress) || taken.has(ip);
    });
  }

  #change({ ip, protocol, port }: HostPort, sign: 1 | -1): void {
    const key = keyOf(protocol, port);
    const taken = this.#taken.get(key) ?? new Map<string, number>();
    this.#taken.set(key, taken);
    const count = (taken.get(ip) ?? 0) + sign;
    if (count > 0) taken.set(ip, count);
    else taken.delete(ip);
    if (taken.size === 0) this.#taken.delete(key);
  }
}

const keyOf = (protocol: string, port: number): string => `${protocol}/${String(port)}`;
