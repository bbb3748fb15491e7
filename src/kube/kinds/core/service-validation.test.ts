import { describe, expect, test } from 'vitest';
import { checking } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { services } from './service.js';

const service = checking(services, {
  spec: { ports: [{ port: 80 }], clusterIP: '10.0.1.1', clusterIPs: ['10.0.1.1'] },
});
const spec = (change: Change): Change => ({ spec: change });
const ports = (...list: Change[]): Change => spec({ ports: list });
const port = 'must be between 1 and 65535, inclusive';
const headless = { clusterIP: 'None', clusterIPs: ['None'] };
const nowhere = { clusterIP: null, clusterIPs: null };
const external = { ...nowhere, type: 'ExternalName', externalName: 'db.example.com' };
const only = "may only be used when `type` is 'LoadBalancer'";

describe('a service with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    ['no ports', spec({ ports: null }), ['spec.ports: Required value']],
    ['no ports and no address', spec({ ports: null, ...headless }), []],
    [
      'a port out of range',
      ports({ port: 0 }),
      [
        `spec.ports[0].port: Invalid value: 0: ${port}`,
        `spec.ports[0].targetPort: Invalid value: 0: ${port}`,
      ],
    ],
    [
      'a target out of range',
      ports({ port: 80, targetPort: 70_000 }),
      [`spec.ports[0].targetPort: Invalid value: 70000: ${port}`],
    ],
    [
      'a target of two words',
      ports({ port: 80, targetPort: 'a b' }),
      [
        'spec.ports[0].targetPort: Invalid value: "a b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      ],
    ],
    [
      'a protocol',
      ports({ port: 80, protocol: 'HTTP' }),
      ['spec.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      'an application protocol',
      ports({ port: 80, appProtocol: 'a b' }),
      [
        expect.stringMatching(
          /^spec.ports\[0\].appProtocol: Invalid value: "a b": name part must consist of/,
        ) as string,
      ],
    ],
    [
      'two ports without names',
      ports({ port: 80 }, { port: 81 }),
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      'the same name twice',
      ports({ port: 80, name: 'a' }, { port: 81, name: 'a' }),
      ['spec.ports[1].name: Duplicate value: "a"'],
    ],
    [
      'the same port twice',
      ports({ port: 80, name: 'a' }, { port: 80, name: 'b' }),
      ['spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}'],
    ],
    [
      'the same port of two protocols',
      ports({ port: 80, name: 'a' }, { port: 80, name: 'b', protocol: 'UDP' }),
      [],
    ],
    [
      "a node's port inside the cluster",
      ports({ port: 80, nodePort: 30_000 }),
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      "a node's port out of range",
      spec({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
      [
        'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
      ],
    ],
    [
      "a node's port twice",
      spec({
        type: 'NodePort',
        ports: [
          { port: 80, name: 'a', nodePort: 30_000 },
          { port: 81, name: 'b', nodePort: 30_000 },
        ],
      }),
      ['spec.ports[1].nodePort: Duplicate value: 30000'],
    ],
    [
      'a type',
      spec({ type: 'Cluster' }),
      [
        'spec.type: Unsupported value: "Cluster": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      'no address, on nodes',
      spec({ type: 'NodePort', ...headless }),
      ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
    ],
    ['a name', spec(external), []],
    ['an empty name', spec({ ...external, externalName: '' }), ['spec.externalName: Required value']],
    [
      'an address for a name',
      spec({ ...external, externalName: '-' }),
      [
        expect.stringMatching(
          /^spec.externalName: Invalid value: "-": a lowercase RFC 1123 subdomain/,
        ) as string,
      ],
    ],
    [
      'a name and an address',
      spec({ type: 'ExternalName', externalName: 'db' }),
      ['spec.clusterIPs: Forbidden: may not be set for ExternalName services'],
    ],
    [
      'two first addresses',
      spec({ clusterIPs: ['10.0.1.2'] }),
      ['spec.clusterIPs: Invalid value: ["10.0.1.2"]: first value must match `clusterIP`'],
    ],
    [
      'no address at all',
      spec({ clusterIP: '10.0.1', clusterIPs: ['10.0.1'] }),
      [
        'spec.clusterIPs[0]: Invalid value: "10.0.1": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      'two of a family',
      spec({ clusterIPs: ['10.0.1.1', '10.0.1.2'] }),
      [
        'spec.clusterIPs: Invalid value: ["10.0.1.1","10.0.1.2"]: may specify no more than one IP for each IP family',
      ],
    ],
    [
      'an address of another family',
      spec({ ipFamilies: ['IPv6'] }),
      [
        'spec.clusterIPs[0]: Invalid value: "10.0.1.1": expected an IPv6 value as indicated by `ipFamilies[0]`',
      ],
    ],
    [
      'a family',
      spec({ ipFamilies: ['IPv5'] }),
      ['spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"'],
    ],
    [
      'a policy of families',
      spec({ ipFamilyPolicy: 'Dual' }),
      [
        'spec.ipFamilyPolicy: Unsupported value: "Dual": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
      ],
    ],
    [
      'an affinity',
      spec({ sessionAffinity: 'Cookie' }),
      ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
    ],
    [
      'an affinity of two days',
      spec({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 172_800 } } }),
      [
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 172800: must be greater than 0 and less than 86400',
      ],
    ],
    [
      "a selector's label",
      spec({ selector: { 'a b': 'c' } }),
      [expect.stringMatching(/^spec.selector: Invalid value: "a b": name part must consist of/) as string],
    ],
    [
      'the loopback outside',
      spec({ externalIPs: ['127.0.0.1'] }),
      [
        'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
    [
      "a load balancer's sources without one",
      spec({ loadBalancerSourceRanges: ['10.0.0.0/8'] }),
      [`spec.LoadBalancerSourceRanges: Forbidden: ${only}`],
    ],
    [
      'sources',
      spec({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'] }),
      [
        'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    ],
    [
      "a load balancer's class without one",
      spec({ loadBalancerClass: 'a.b/c' }),
      [`spec.loadBalancerClass: Forbidden: ${only}`],
    ],
    [
      "a load balancer's node ports without one",
      spec({ allocateLoadBalancerNodePorts: false }),
      [`spec.allocateLoadBalancerNodePorts: Forbidden: ${only}`],
    ],
    [
      'a policy outside where none reach it',
      spec({ externalTrafficPolicy: 'Local' }),
      [
        'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
      ],
    ],
    [
      'a policy outside',
      spec({ type: 'NodePort', externalTrafficPolicy: 'Near' }),
      ['spec.externalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"'],
    ],
    [
      'a policy inside',
      spec({ internalTrafficPolicy: 'Near' }),
      ['spec.internalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"'],
    ],
    [
      'a health check that nobody makes',
      spec({ healthCheckNodePort: 30_000 }),
      [
        "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ],
    ],
    [
      'a distribution',
      spec({ trafficDistribution: 'Far' }),
      [
        'spec.trafficDistribution: Unsupported value: "Far": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"',
      ],
    ],
  ])('%s', (_, change, faults) => expect(service.faults(change)).toEqual(faults));

  test.each<readonly [string, Change, Change, readonly string[]]>([
    [
      'another address',
      {},
      spec({ clusterIP: '10.0.1.2', clusterIPs: ['10.0.1.2'] }),
      ['spec.clusterIPs[0]: Invalid value: ["10.0.1.2"]: may not change once set'],
    ],
    [
      'no address',
      {},
      spec({ clusterIP: null, clusterIPs: null }),
      ['spec.clusterIPs[0]: Invalid value: []: primary clusterIP can not be unset'],
    ],
    ['a name instead', {}, spec(external), []],
    ['nodes besides', {}, spec({ type: 'NodePort' }), []],
    [
      'another family',
      {},
      spec({ ipFamilies: ['IPv6'], clusterIP: '10.0.1.1' }),
      [
        'spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set',
        'spec.clusterIPs[0]: Invalid value: "10.0.1.1": expected an IPv6 value as indicated by `ipFamilies[0]`',
      ],
    ],
    [
      'another class',
      spec({ type: 'LoadBalancer', loadBalancerClass: 'a.b/c' }),
      spec({ type: 'LoadBalancer' }),
      ['spec.loadBalancerClass: Invalid value: null: may not change once set'],
    ],
  ])('%s once it exists', (_, before, after, faults) =>
    expect(service.changeFaults(before, after)).toEqual(faults),
  );
});

test.each<readonly [string, Change, readonly string[]]>([
  ['an ordinary service', {}, []],
  [
    'affinity without an address',
    spec({ ...headless, sessionAffinity: 'ClientIP' }),
    ['spec.SessionAffinity is ignored for headless services'],
  ],
  [
    'a load balancer without an address',
    spec({ ...headless, loadBalancerIP: '1.2.3.4' }),
    ['spec.loadBalancerIP is ignored for headless services'],
  ],
  [
    'a name beside an address',
    spec({ externalName: 'db' }),
    ['spec.externalName is ignored when spec.type is not "ExternalName"'],
  ],
])('%s is warned of', (_, change, warnings) => expect(service.warnings(change)).toEqual(warnings));

test.each<readonly [string, Change, Change]>([
  [
    'nothing',
    {},
    {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    },
  ],
  [
    'a load balancer',
    spec({ type: 'LoadBalancer' }),
    { externalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: true },
  ],
  [
    'affinity',
    spec({ sessionAffinity: 'ClientIP' }),
    { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } },
  ],
  ['addresses outside', spec({ externalIPs: ['1.2.3.4'] }), { externalTrafficPolicy: 'Cluster' }],
])('%s is completed', (_, change, filled) => expect(service.object(change)).toMatchObject({ spec: filled }));
