import { ipFault } from '../../../api/formats.js';
import type { Faults } from '../../../api/field-error.js';
import { nameFault } from '../../../api/names.js';
import type { PodSpec } from '../pod.js';

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
/** Limits of the C library's resolver. */
const dnsLimits = { nameservers: 3, searches: 32, searchCharacters: 2048 };

const searchDomain = /^[a-z0-9_]([-_a-z0-9]*[a-z0-9])?(\.[a-z0-9_]([-_a-z0-9]*[a-z0-9])?)*$/;
const searchFault =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** How a pod finds others by name, and by which names it is known (core validation: validatePodDNSConfig). */
export function checkDns(faults: Faults, at: string, { dnsPolicy, dnsConfig }: PodSpec): void {
  faults.requiredOneOf(`${at}.dnsPolicy`, dnsPolicy, dnsPolicies);
  const place = `${at}.dnsConfig`;
  if (dnsPolicy === 'None') {
    if (!dnsConfig) {
      faults.required(place, 'must provide `dnsConfig` when `dnsPolicy` is None');
      return;
    }
    if ((dnsConfig.nameservers ?? []).length === 0) {
      faults.required(
        `${place}.nameservers`,
        'must provide at least one DNS nameserver when `dnsPolicy` is None',
      );
      return;
    }
  }
  if (!dnsConfig) return;
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  if (nameservers.length > dnsLimits.nameservers)
    faults.invalid(`${place}.nameservers`, nameservers, 'must not have more than 3 nameservers');
  for (const [index, address] of nameservers.entries()) {
    faults.invalid(`${place}.nameservers[${String(index)}]`, address, ipFault(address));
  }
  if (searches.length > dnsLimits.searches)
    faults.invalid(`${place}.searches`, searches, 'must not have more than 32 search paths');
  if (searches.join(' ').length > dnsLimits.searchCharacters) {
    const most = 'must not have more than 2048 characters (including spaces) in the search list';
    faults.invalid(`${place}.searches`, searches, most);
  }
  for (const [index, search] of searches.entries()) {
    const domain = search.replace(/\.$/, '');
    if (search !== '.' && !searchDomain.test(domain))
      faults.invalid(`${place}.searches[${String(index)}]`, domain, searchFault);
  }
  for (const [index, { name }] of options.entries()) {
    if (!name) faults.required(`${place}.options[${String(index)}]`, 'must not be empty');
  }
}

export function checkHostNames(faults: Faults, at: string, spec: PodSpec): void {
  const { hostname, subdomain, hostAliases } = spec;
  if (hostname) faults.invalid(`${at}.hostname`, hostname, nameFault('label', hostname));
  if (subdomain) faults.invalid(`${at}.subdomain`, subdomain, nameFault('label', subdomain));
  for (const [index, { ip = '', hostnames = [] }] of (hostAliases ?? []).entries()) {
    const place = `${at}.hostAliases[${String(index)}]`;
    faults.invalid(`${place}.ip`, ip, ipFault(ip));
    for (const [number, name] of hostnames.entries()) {
      faults.invalid(`${place}.hostnames[${String(number)}]`, name, nameFault('subdomain', name));
    }
  }
}

/** On its node's network, a container's port is its node's; a template may leave that one out. */
export function checkHostNetwork(faults: Faults, at: string, spec: PodSpec, of: 'pod' | 'template'): void {
  if (spec.hostNetwork !== true) return;
  for (const [index, { ports = [] }] of (spec.containers ?? []).entries()) {
    for (const [number, { hostPort = 0, containerPort }] of ports.entries()) {
      if (hostPort === containerPort || (of === 'template' && hostPort === 0)) continue;
      const field = `${at}.containers[${String(index)}].ports[${String(number)}].hostPort`;
      faults.invalid(field, hostPort, 'must match `containerPort` when `hostNetwork` is true');
    }
  }
}

/** A pod with users of its own shares none of its node's namespaces. */
export function checkHostUsers(faults: Faults, at: string, spec: PodSpec): void {
  if (spec.hostUsers !== false) return;
  for (const [field, name] of [
    ['hostNetwork', 'hostNetwork'],
    ['hostPID', 'HostPID'],
    ['hostIPC', 'HostIPC'],
  ] as const) {
    if (spec[field] === true) faults.forbidden(`${at}.${name}`, 'when `pod.Spec.HostUsers` is false');
  }
}
