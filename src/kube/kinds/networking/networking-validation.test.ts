import { describe, expect, test } from 'vitest';
import { checking } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { ingressClasses } from './ingress-class.js';
import { ingresses } from './ingress.js';
import { networkPolicies } from './network-policy.js';

const spec = (change: Change): Change => ({ spec: change });

describe('an ingress with', () => {
  const service = { service: { name: 'web', port: { number: 80 } } };
  const path = { path: '/', pathType: 'Prefix', backend: service };
  const ingress = checking(ingresses, { spec: { rules: [{ http: { paths: [path] } }] } });
  const paths = (change: Change): Change => spec({ rules: [{ http: { paths: [{ ...path, ...change }] } }] });
  const backend = (change: Change): Change => spec({ rules: null, defaultBackend: change });
  const at = 'spec.rules[0].http.paths[0]';
  test.each<readonly [string, Change, readonly unknown[]]>([
    ['nothing wrong', {}, []],
    [
      'neither rules nor a backend',
      spec({ rules: null }),
      ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    ],
    ['no paths', spec({ rules: [{ http: {} }] }), ['spec.rules[0].http.paths: Required value']],
    [
      'no type of path',
      paths({ pathType: undefined }),
      [`${at}.pathType: Required value: pathType must be specified`],
    ],
    [
      'an unknown type of path',
      paths({ pathType: 'Regex' }),
      [
        `${at}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
      ],
    ],
    ['a relative path', paths({ path: 'x' }), [`${at}.path: Invalid value: "x": must be an absolute path`]],
    [
      'a path with two slashes',
      paths({ path: '/a//b' }),
      [`${at}.path: Invalid value: "/a//b": must not contain '//'`],
    ],
    ['a path up', paths({ path: '/a/..' }), [`${at}.path: Invalid value: "/a/..": cannot end with '/..'`]],
    ['no path where anything goes', paths({ path: '', pathType: 'ImplementationSpecific' }), []],
    [
      'no backend',
      paths({ backend: {} }),
      [`${at}.backend: Invalid value: "": resource or service backend is required`],
    ],
    [
      'two backends',
      backend({ ...service, resource: { kind: 'A', name: 'a' } }),
      ['spec.defaultBackend: Invalid value: "": cannot set both resource and service backends'],
    ],
    [
      'a backend without a port',
      backend({ service: { name: 'web' } }),
      ['spec.defaultBackend: Required value: port name or number is required'],
    ],
    [
      'a backend with two ports',
      backend({ service: { name: 'web', port: { name: 'a', number: 1 } } }),
      ['spec.defaultBackend: Invalid value: "": cannot set both port name & port number'],
    ],
    [
      'a backend without a name',
      backend({ service: { port: { number: 80 } } }),
      ['spec.defaultBackend.service.name: Required value'],
    ],
    [
      'a resource without a name',
      backend({ resource: { kind: 'A' } }),
      ['spec.defaultBackend.resource.name: Required value'],
    ],
    [
      'an address for a host',
      spec({ rules: [{ host: '1.2.3.4' }] }),
      ['spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address'],
    ],
    ['any host of a domain', spec({ rules: [{ host: '*.example.com' }] }), []],
    [
      'half of any host',
      spec({ rules: [{ host: 'a*.example.com' }] }),
      [
        expect.stringMatching(
          /^spec.rules\[0\].host: Invalid value: "a\*.example.com": a wildcard DNS-1123 subdomain must start with '\*.'/,
        ),
      ],
    ],
    [
      'a host of a certificate',
      spec({ tls: [{ hosts: ['A'] }] }),
      [
        expect.stringMatching(
          /^spec.tls\[0\].hosts\[0\]: Invalid value: "A": a lowercase RFC 1123 subdomain/,
        ),
      ],
    ],
    [
      'two classes',
      { metadata: { annotations: { 'kubernetes.io/ingress.class': 'a' } }, spec: { ingressClassName: 'b' } },
      [
        'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified',
      ],
    ],
  ])('%s', (_, change, faults) => expect(ingress.faults(change)).toEqual(faults));

  test('its class by annotation is warned of', () =>
    expect(ingress.warnings({ metadata: { annotations: { 'kubernetes.io/ingress.class': 'a' } } })).toEqual([
      `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
    ]));
});

describe('an ingress class with', () => {
  const all = checking(ingressClasses, { spec: { controller: 'example.com/nginx' } });
  const parameters = (change: Change): Change => spec({ parameters: { kind: 'A', name: 'a', ...change } });
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    ['no controller', spec({ controller: '' }), ['spec.controller: Required value']],
    [
      'a controller without a domain',
      spec({ controller: 'nginx' }),
      ['spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      'parameters of a namespace',
      parameters({ scope: 'Namespace' }),
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      'parameters of the cluster in a namespace',
      parameters({ namespace: 'a' }),
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
    [
      'parameters of a scope',
      parameters({ scope: 'World' }),
      ['spec.parameters.scope: Unsupported value: "World": supported values: "Cluster", "Namespace"'],
    ],
  ])('%s', (_, change, faults) => expect(all.faults(change)).toEqual(faults));
  test('another controller once it exists', () =>
    expect(all.changeFaults({}, spec({ controller: 'a.b/c' }))).toEqual([
      'spec.controller: Invalid value: "a.b/c": field is immutable',
    ]));
});

describe('a network policy with', () => {
  const policy = checking(networkPolicies, { spec: { podSelector: {} } });
  const from = (...peers: Change[]): Change => spec({ ingress: [{ from: peers }] });
  const ports = (...list: Change[]): Change => spec({ egress: [{ ports: list }] });
  const peer = 'spec.ingress[0].from[0]';
  const port = 'spec.egress[0].ports[0]';
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }), []],
    ['nobody', from({}), [`${peer}: Required value: must specify a peer`]],
    [
      'pods and addresses',
      from({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }),
      [`${peer}: Forbidden: may not specify both ipBlock and another peer`],
    ],
    ['no addresses', from({ ipBlock: {} }), [`${peer}.ipBlock.cidr: Required value`]],
    [
      'one address',
      from({ ipBlock: { cidr: '10.0.0.1' } }),
      [
        `${peer}.ipBlock.cidr: Invalid value: "10.0.0.1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
      ],
    ],
    [
      'others than addresses that are elsewhere',
      from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }),
      [`${peer}.ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of \`cidr\``],
    ],
    [
      'others than all',
      from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }),
      [`${peer}.ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of \`cidr\``],
    ],
    [
      'a protocol',
      ports({ protocol: 'ICMP' }),
      [`${port}.protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"`],
    ],
    [
      'a port out of range',
      ports({ port: 0 }),
      [`${port}.port: Invalid value: 0: must be between 1 and 65535, inclusive`],
    ],
    [
      'an end before the port',
      ports({ port: 80, endPort: 79 }),
      [`${port}.endPort: Invalid value: 80: must be greater than or equal to \`port\``],
    ],
    [
      'an end of a named port',
      ports({ port: 'web', endPort: 79 }),
      [`${port}.endPort: Invalid value: 79: may not be specified when \`port\` is non-numeric`],
    ],
    [
      'an end of no port',
      ports({ endPort: 79 }),
      [`${port}.endPort: Invalid value: 79: may not be specified when \`port\` is not specified`],
    ],
    [
      'a type',
      spec({ policyTypes: ['Both'] }),
      ['spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
    ],
    [
      "a selector's operator",
      spec({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }),
      ['spec.podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator'],
    ],
  ])('%s', (_, change, faults) => expect(policy.faults(change)).toEqual(faults));

  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing', {}, ['Ingress']],
    ['rules of egress', ports({ port: 80 }), ['Ingress', 'Egress']],
  ])('%s is of the types that its rules are', (_, change, policyTypes) =>
    expect(policy.object(change)).toMatchObject({ spec: { policyTypes } }),
  );
});
