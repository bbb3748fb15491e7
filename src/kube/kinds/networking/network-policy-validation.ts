import { cidrFault, isStrictSubset, parseCidr, portFaults, portNumberFault } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import type { LabelSelector } from '../../selectors/index.js';
import { checkLabelSelector } from '../selector-validation.js';

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

interface NetworkPolicy extends KubeObject {
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { readonly ports?: readonly PolicyPort[]; readonly from?: readonly Peer[] }[];
    readonly egress?: readonly { readonly ports?: readonly PolicyPort[]; readonly to?: readonly Peer[] }[];
  };
}

/** Everything wrong with a network policy (networking validation: ValidateNetworkPolicy). */
export const networkPolicyErrors = validation<NetworkPolicy>((faults, { spec = {} }) => {
  checkLabelSelector(faults, 'spec.podSelector', spec.podSelector);
  for (const [index, { ports, from }] of (spec.ingress ?? []).entries()) {
    checkRule(faults, `spec.ingress[${String(index)}]`, ports, 'from', from);
  }
  for (const [index, { ports, to }] of (spec.egress ?? []).entries()) {
    checkRule(faults, `spec.egress[${String(index)}]`, ports, 'to', to);
  }
  const { policyTypes = [] } = spec;
  if (policyTypes.length > 2) {
    faults.invalid('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes');
    return;
  }
  for (const [index, type] of policyTypes.entries()) {
    faults.oneOf(`spec.policyTypes[${String(index)}]`, type, ['Ingress', 'Egress']);
  }
});

function checkRule(
  faults: Faults,
  at: string,
  ports: readonly PolicyPort[] = [],
  member: 'from' | 'to',
  peers: readonly Peer[] = [],
): void {
  for (const [index, port] of ports.entries()) checkPort(faults, `${at}.ports[${String(index)}]`, port);
  for (const [index, peer] of peers.entries()) checkPeer(faults, `${at}.${member}[${String(index)}]`, peer);
}

function checkPort(faults: Faults, at: string, { protocol, port, endPort }: PolicyPort): void {
  faults.oneOf(`${at}.protocol`, protocol, ['TCP', 'UDP', 'SCTP']);
  if (port === undefined) {
    if (endPort !== undefined)
      faults.invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is not specified');
    return;
  }
  if (endPort !== undefined && typeof port === 'string')
    faults.invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is non-numeric');
  faults.invalid(`${at}.port`, port, portFaults(port));
  if (endPort === undefined || typeof port === 'string') return;
  // The message shows the other port, as the API server's does.
  if (endPort < port) faults.invalid(`${at}.endPort`, port, 'must be greater than or equal to `port`');
  faults.invalid(`${at}.endPort`, endPort, portNumberFault(endPort));
}

function checkPeer(faults: Faults, at: string, peer: Peer): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  checkLabelSelector(faults, `${at}.podSelector`, podSelector);
  checkLabelSelector(faults, `${at}.namespaceSelector`, namespaceSelector);
  if (ipBlock) checkBlock(faults, `${at}.ipBlock`, ipBlock);
  if (!podSelector && !namespaceSelector && !ipBlock) faults.required(at, 'must specify a peer');
  if (ipBlock && (podSelector || namespaceSelector))
    faults.forbidden(at, 'may not specify both ipBlock and another peer');
}

function checkBlock(
  faults: Faults,
  at: string,
  { cidr = '', except = [] }: NonNullable<Peer['ipBlock']>,
): void {
  if (cidr === '') {
    faults.required(`${at}.cidr`);
    return;
  }
  faults.invalid(`${at}.cidr`, cidr, cidrFault(cidr));
  const block = parseCidr(cidr);
  for (const [index, text] of except.entries()) {
    const place = `${at}.except[${String(index)}]`;
    faults.invalid(place, text, cidrFault(text));
    const part = parseCidr(text);
    if (block && part && !isStrictSubset(block, part))
      faults.invalid(place, text, 'must be a strict subset of `cidr`');
  }
}
