import ipaddr from 'ipaddr.js';
import { own } from '../../units/index.js';

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const hostLabel = /^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const uuid = (version: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i');

/** Formats that are checked, by name (Kubernetes: structural schemas, formats); others are only told. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
  uri: (text) => /^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(text) || text.startsWith('/'),
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hostname: (text) => text.length <= 253 && text.split('.').every((part) => hostLabel.test(part)),
  ipv4: (text) => ipaddr.IPv4.isValidFourPartDecimal(text),
  ipv6: (text) => ipaddr.IPv6.isValid(text) && text.includes(':'),
  cidr: (text) => ipaddr.isValidCIDR(text),
  mac: (text) => /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text),
  uuid: (text) => uuid('[0-9a-f]').test(text),
  uuid3: (text) => uuid('3').test(text),
  uuid4: (text) => uuid('4').test(text),
  uuid5: (text) => uuid('5').test(text),
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
  isbn10: (text) => /^(?:\d[- ]?){9}[\dXx]$/.test(text),
  isbn13: (text) => /^(?:\d[- ]?){13}$/.test(text),
  creditcard: (text) => /^\d{12,19}$/.test(text.replace(/[- ]/g, '')),
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
  rgbcolor: (text) => /^rgb\(\d{1,3}, ?\d{1,3}, ?\d{1,3}\)$/.test(text),
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': (text) => isDateTime(text),
  datetime: (text) => isDateTime(text),
  duration: (text) => parseDuration(text) !== undefined,
  'k8s-short-name': (text) => label.test(text),
  'k8s-long-name': (text) => text.length <= 253 && text.split('.').every((part) => label.test(part)),
};

/** True when a text is of a format, or the format is none that is checked. */
export const isOfFormat = (format: string, text: string): boolean =>
  !Object.hasOwn(formats, format) || formats[format]?.(text) === true;

const isDateTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})$/.test(text) &&
  !Number.isNaN(Date.parse(text.replace(' ', 'T')));

const unitNanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** A duration such as `1h30m` in nanoseconds (Go: time.ParseDuration); undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const [, sign = '', parts = ''] =
    /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text) ?? [];
  if (parts === '') return undefined;
  let total = 0;
  for (const [, count = '0', unit = 's'] of parts.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(count) * (own(unitNanoseconds, unit) ?? 0);
  }
  return sign === '-' ? -total : total;
}
