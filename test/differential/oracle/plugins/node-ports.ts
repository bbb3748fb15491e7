import type { ContainerPort, Pod } from '../../objects.js';
import { refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';

/** A port of the host can be had once for each protocol and address; no address, or 0.0.0.0, is all of them. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  hasPreFilter: true,
  prepare: ({ pod }) => {
    const wanted = hostPorts(pod);
    if (wanted.length === 0) return { kind: 'skip' };
    return {
      kind: 'filter',
      filter: ({ pods }) =>
        wanted.some((port) => pods.flatMap(hostPorts).some((used) => clash(port, used)))
          ? refused('U', "node(s) didn't have free ports for the requested pod ports")
          : undefined,
    };
  },
};

/** Of the containers that run as long as the pod. */
const hostPorts = ({ spec }: Pod): readonly ContainerPort[] =>
  [
    ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
    ...spec.containers,
  ]
    .flatMap(({ ports = [] }) => ports)
    .filter(({ hostPort = 0 }) => hostPort > 0);

const everyAddress = '0.0.0.0';
const addressOf = ({ hostIP = '' }: ContainerPort): string => (hostIP === '' ? everyAddress : hostIP);
const protocolOf = ({ protocol = '' }: ContainerPort): string => (protocol === '' ? 'TCP' : protocol);

function clash(left: ContainerPort, right: ContainerPort): boolean {
  if (left.hostPort !== right.hostPort || protocolOf(left) !== protocolOf(right)) return false;
  const addresses = [addressOf(left), addressOf(right)];
  return addresses[0] === addresses[1] || addresses.includes(everyAddress);
}
