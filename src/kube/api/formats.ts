import ipaddr from 'ipaddr.js';

// Each function tells why a value has not its format, in the API machinery's words, or undefined when it has.

/** A port's number. */
export const portNumberFault = (port: number): string | undefined =>
  port >= 1 && port <= 65_535 ? undefined : 'must be between 1 and 65535, inclusive';

/** A port's name (RFC 6335 service names: at most 15 characters, with a letter); all that is wrong with it. */
export function portNameFaults(name: string): readonly string[] {
  const faults: string[] = [];
  if (name.length > 15) faults.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name))
    faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) faults.push('must contain at least one letter (a-z)');
  if (name.includes('--')) faults.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) faults.push('must not begin or end with a hyphen');
  return faults;
}

/** A port by number or by name. */
export const portFaults = (port: number | string): readonly string[] | string | undefined =>
  typeof port === 'number' ? portNumberFault(port) : portNameFaults(port);

const dotted = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

const isIpv4 = (text: string): boolean => dotted.test(text) && ipaddr.IPv4.isValid(text);
const isIpv6 = (text: string): boolean =>
  text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text);

/** The family of an IP address; undefined for a text that is none. */
export function ipFamilyOf(text: string): 'IPv4' | 'IPv6' | undefined {
  if (isIpv4(text)) return 'IPv4';
  return isIpv6(text) ? 'IPv6' : undefined;
}

export const ipFault = (text: string): string | undefined =>
  ipFamilyOf(text) === undefined
    ? 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
    : undefined;

/** An address that nothing outside of its host or link can reach (core validation: ValidateNonSpecialIP). */
export function specialIpFault(text: string): string | undefined {
  if (ipFamilyOf(text) === undefined) return 'must be a valid IP address';
  const range = ipaddr.parse(text).range();
  if (range === 'unspecified') return `may not be unspecified (${text})`;
  if (range === 'loopback') return 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
  if (range === 'linkLocal') return 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
  return text.startsWith('224.0.0.') || text.startsWith('ff02:')
    ? 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'
    : undefined;
}

/** A block of addresses: its first address and the length of its prefix. */
type Cidr = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = ''] = text.split('/');
  if (ipFamilyOf(address) === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

export const cidrFault = (text: string): string | undefined =>
  parseCidr(text) === undefined
    ? 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
    : undefined;

const hasLeadingZero = (text: string): boolean => /(?:^|\.)0\d/.test(text);

const canonicalIp = (ip: ipaddr.IPv4 | ipaddr.IPv6): string =>
  ip.kind() === 'ipv6' ? (ip as ipaddr.IPv6).toRFC5952String() : ip.toString();

const notCanonical = (text: string, canonical: string): string | undefined =>
  text === canonical ? undefined : `must be in canonical form (${JSON.stringify(canonical)})`;

/** An address in the one form that it is written in (API machinery: IsValidIP). */
export function canonicalIpFault(text: string): string | undefined {
  if (/^[\d.]+$/.test(text) && hasLeadingZero(text) && ipFamilyOf(withoutZeros(text)) !== undefined)
    return 'must not have leading 0s';
  return ipFault(text) ?? notCanonical(text, canonicalIp(ipaddr.parse(text)));
}

/** A block of addresses in the one form that it is written in (API machinery: IsValidCIDR). */
export function canonicalCidrFault(text: string): string | undefined {
  const [address = '', length = ''] = text.split('/');
  const isPadded = (/^[\d.]+$/.test(address) && hasLeadingZero(address)) || /^0\d/.test(length);
  if (isPadded && parseCidr(`${withoutZeros(address)}/${String(Number(length))}`))
    return 'must not have leading 0s in IP or prefix length';
  const block = parseCidr(text);
  if (!block) return cidrFault(text);
  const [first, bits] = block;
  const network =
    first.kind() === 'ipv6'
      ? ipaddr.IPv6.networkAddressFromCIDR(text)
      : ipaddr.IPv4.networkAddressFromCIDR(text);
  if (network.toString() !== first.toString()) return 'must not have bits set beyond the prefix length';
  return notCanonical(text, `${canonicalIp(first)}/${String(bits)}`);
}

const withoutZeros = (address: string): string => address.replace(/(^|\.)0+(?=\d)/g, '$1');

/** Whether an address is of a block of its family. */
export function isWithin(block: string, address: string): boolean {
  const cidr = parseCidr(block);
  return cidr !== undefined && ipFamilyOf(address) !== undefined && containsPart(cidr, ipaddr.parse(address));
}

const containsPart = ([first, length]: Cidr, part: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  first.kind() === part.kind() && (part as ipaddr.IPv4).match(first as ipaddr.IPv4, length);

/** True when the second block is part of the first and smaller. */
export function isStrictSubset(block: Cidr, part: Cidr): boolean {
  const [partFirst, partLength] = part;
  return partLength > block[1] && containsPart(block, partFirst);
}

/** A key of a ConfigMap or Secret. */
export function configKeyFault(key: string): string | undefined {
  if (key.length > 253) return 'must be no more than 253 bytes';
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  }
  if (key === '.') return "must not be '.'";
  if (key === '..') return "must not be '..'";
  return key.startsWith('..') ? "must not start with '..'" : undefined;
}

/** The name of an environment variable (Kubernetes: relaxed since 1.34). */
export const environmentNameFault = (name: string): string | undefined =>
  /^[\x20-\x3c\x3e-\x7e]+$/.test(name)
    ? undefined
    : "a valid environment variable name must consist only of printable ASCII characters other than '='";

/** The name of an HTTP header. */
export const headerNameFault = (name: string): string | undefined =>
  /^[-A-Za-z0-9]+$/.test(name)
    ? undefined
    : "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

/** A number of things, or a percentage of them such as `25%`. */
export type CountOrPercent = number | string;

const percent = /^\d+%$/;

/** A text that is no percentage. */
export const percentFault = (value: string): string | undefined =>
  percent.test(value)
    ? undefined
    : "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** The percentage of a value that is one. */
export const percentOf = (value: CountOrPercent | undefined): number | undefined =>
  typeof value === 'string' && percent.test(value) ? Number(value.slice(0, -1)) : undefined;

/** A user's or group's number. */
export const identityFault = (id: number): string | undefined =>
  id >= 0 && id <= 2_147_483_647 ? undefined : 'must be between 0 and 2147483647, inclusive';

const wildcard = /^\*(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/;

/** A host of which the first label is `*`. */
export const wildcardHostFault = (host: string): string | undefined =>
  wildcard.test(host)
    ? undefined
    : "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** A path within a volume: relative, and never up (core validation: ValidateLocalDescendingPath). */
export function descendingPathFault(path: string): string | undefined {
  if (path.startsWith('/')) return 'must be a relative path';
  return backstepFault(path);
}

/** A path with an element `..`. */
export const backstepFault = (path: string): string | undefined =>
  path.split('/').includes('..') ? "must not contain '..'" : undefined;

/** A path of a file that a volume makes: its names do not begin with `..` either. */
export function projectedPathFault(path: string): string | undefined {
  const fault = descendingPathFault(path);
  if (fault !== undefined) return fault;
  return path.startsWith('..') ? "must not start with '..'" : undefined;
}
