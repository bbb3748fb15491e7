import { describe, expect, test } from 'vitest';
import type { Container } from '../../kube/index.js';
import { node, pod, verdictOn, wakes } from '../fixtures.js';
import { nodePorts } from './node-ports.js';

/** Ports as `8080`, `8080/UDP`, `10.0.0.1:8080`. */
function portOf(text: string): NonNullable<Container['ports']>[number] {
  const [address = '', protocol] = text.split('/');
  const [port = '', hostIP] = address.split(':').reverse();
  return {
    containerPort: 80,
    ...(port !== '' && { hostPort: Number(port) }),
    ...(hostIP !== undefined && { hostIP }),
    ...(protocol !== undefined && { protocol }),
  };
}
const withPorts = (name: string, texts: readonly string[], on?: string) =>
  pod(name, {
    ...(on !== undefined && { on }),
    spec: { containers: [{ name: 'c', ports: texts.map(portOf) }] },
  });

const refused = "U node(s) didn't have free ports for the requested pod ports";

describe('NodePorts', () => {
  test.each<[wanted: readonly string[], taken: readonly string[], verdict: string]>([
    [[], [], 'fits'],
    [['8080'], [], 'fits'],
    [[], ['8080'], 'fits'],
    [['8080'], ['8080'], refused],
    [['8080'], ['8081'], 'fits'],
    [['8080', '8081'], ['8081'], refused],
    [['8080', '8081'], ['8082', '8083'], 'fits'],
    [['8080'], ['8082', '8080'], refused],
    // A container port alone takes nothing of the node's.
    [[''], [''], 'fits'],
    [['0'], ['0'], 'fits'],
    // Protocols: none is TCP.
    [['53/UDP'], ['53/TCP'], 'fits'],
    [['53/UDP'], ['53'], 'fits'],
    [['53/UDP'], ['53/UDP'], refused],
    [['53/TCP'], ['53'], refused],
    [['53/SCTP'], ['53/UDP', '53/TCP'], 'fits'],
    [['53/SCTP'], ['53/SCTP'], refused],
    // Addresses: none is all of them.
    [['10.0.0.1:80'], ['10.0.0.1:80'], refused],
    [['10.0.0.1:80'], ['10.0.0.2:80'], 'fits'],
    [['10.0.0.1:80'], ['80'], refused],
    [['80'], ['10.0.0.1:80'], refused],
    [['0.0.0.0:80'], ['10.0.0.1:80'], refused],
    [['10.0.0.1:80'], ['0.0.0.0:80'], refused],
    [['0.0.0.0:80'], ['80'], refused],
    [[':80'], ['10.0.0.1:80'], refused],
    [['127.0.0.1:80'], ['10.0.0.1:80', '10.0.0.2:80'], 'fits'],
    [['10.0.0.2:80'], ['10.0.0.1:80', '10.0.0.2:80'], refused],
    [['10.0.0.1:80/UDP'], ['80/TCP'], 'fits'],
    [['10.0.0.1:81'], ['80'], 'fits'],
  ])('a pod that wants %j where %j are taken: %s', (wanted, taken, verdict) => {
    const others = [withPorts('other', taken, 'n')];
    expect(verdictOn(node('n'), { pods: others, pod: withPorts('p', wanted) })).toBe(verdict);
  });

  const ports = [{ containerPort: 80, hostPort: 80 }];
  const sidecar: Container = { name: 'i', restartPolicy: 'Always', ports };
  const initial: Container = { name: 'i', ports };
  test.each<[what: string, wanted: readonly Container[], taken: readonly Container[], verdict: string]>([
    ['a sidecar wants it', [sidecar], [], refused],
    ['an init container wants it', [initial], [], 'fits'],
    ['a sidecar has it', [], [sidecar], refused],
    ['an init container has it', [], [initial], 'fits'],
  ])('%s', (_what, wanted, taken, verdict) => {
    const main: Container = { name: 'c', ports };
    const one = pod('p', {
      spec: { containers: wanted.length > 0 ? [{ name: 'c' }] : [main], initContainers: wanted },
    });
    const other = pod('other', {
      on: 'n',
      spec: { containers: taken.length > 0 ? [{ name: 'c' }] : [main], initContainers: taken },
    });
    expect(verdictOn(node('n'), { pods: [other], pod: one })).toBe(verdict);
  });

  test('ports of another node are not asked about', () => {
    const others = [withPorts('other', ['80'], 'elsewhere')];
    expect(verdictOn(node('n'), { pods: others, pod: withPorts('p', ['80']) })).toBe('fits');
  });

  test('a pod that is being deleted has its ports until it is gone', () => {
    const going = {
      ...withPorts('other', ['80'], 'n'),
      metadata: pod('other', { isTerminating: true }).metadata,
    };
    expect(verdictOn(node('n'), { pods: [going], pod: withPorts('p', ['80']) })).toBe(refused);
  });

  test.each([
    ['a node that is added', { added: node('n') }, 'wakes'],
    ['a node that changes', { updated: [node('n'), node('n', { labels: { a: 'b' } })] }, 'sleeps'],
    ['a pod that goes with the port', { removed: withPorts('other', ['80'], 'n') }, 'wakes'],
    ['a pod that goes with another port', { removed: withPorts('other', ['81'], 'n') }, 'sleeps'],
    [
      'a pod that goes with the port of another protocol',
      { removed: withPorts('o', ['80/UDP'], 'n') },
      'sleeps',
    ],
    ['a pod that goes without a port', { removed: pod('other', { on: 'n' }) }, 'sleeps'],
    ['a pod that comes', { added: withPorts('other', ['80'], 'n') }, 'sleeps'],
  ] as const)('%s', (_what, happening, expected) => {
    expect(wakes(nodePorts, withPorts('p', ['80']), happening)).toBe(expected);
  });
});
