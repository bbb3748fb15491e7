import ipaddr from 'ipaddr.js';

/** A range of IPv4 addresses, as numbers: `last` is included. */
export interface Ipv4Range {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

const toNumber = (octets: readonly number[]): number => octets.reduce((sum, octet) => sum * 256 + octet, 0);

/** Reads `10.244.0.0/16`; `undefined` for anything else, a host address with a prefix included. */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  if (!ipaddr.IPv4.isValidCIDR(text)) return undefined;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  const first = toNumber(address.octets);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { text, first, last: first + size - 1, prefix } : undefined;
}

/** Reads a dotted address as a number. */
export const parseIpv4Address = (text: string): number | undefined =>
  ipaddr.IPv4.isValidFourPartDecimal(text) ? toNumber(ipaddr.IPv4.parse(text).octets) : undefined;

export const formatIpv4Address = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

export const overlaps = (a: Ipv4Range, b: Ipv4Range): boolean => a.first <= b.last && b.first <= a.last;
