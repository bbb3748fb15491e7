import { Optional } from '@marcbachmann/cel-js';
import type { Environment } from '@marcbachmann/cel-js';
import ipaddr from 'ipaddr.js';
import { nameFault, qualifiedNameFaults } from '../api/names.js';
import { own } from '../../units/index.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address in a rule (Kubernetes: CEL IP library). */
class Ip {
  readonly address: Address;

  constructor(address: Address) {
    this.address = address;
  }
}

/** A range of addresses in a rule (Kubernetes: CEL CIDR library). */
class Cidr {
  readonly address: Address;
  readonly length: number;

  constructor(address: Address, length: number) {
    this.address = address;
    this.length = length;
  }
}

/** What functions of one name are called on. */
class Namespace {
  readonly isNamespace = true;
}
class IpNamespace extends Namespace {}

const v4 = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/;
/** Go's addresses: no zones, no leading zeros, no IPv4 in IPv6. */
const isAddress = (text: string): boolean =>
  (v4.test(text) || (text.includes(':') && !/[%.]/.test(text))) && ipaddr.isValid(text);

function parsedIp(text: string): Ip {
  if (!isAddress(text))
    throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  return new Ip(ipaddr.parse(text));
}

function parsedCidr(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^(.*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  if (!isAddress(address)) return undefined;
  const parsed = ipaddr.parse(address);
  return Number(length) <= (parsed.kind() === 'ipv4' ? 32 : 128)
    ? new Cidr(parsed, Number(length))
    : undefined;
}

function requiredCidr(text: string): Cidr {
  const cidr = parsedCidr(text);
  if (!cidr)
    throw new Error(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
  return cidr;
}

const textOf = (address: Address): string =>
  address.kind() === 'ipv4' ? address.toString() : (address as ipaddr.IPv6).toRFC5952String();

const contains = (cidr: Cidr, { address }: Ip): boolean =>
  cidr.address.kind() === address.kind() &&
  address.match(cidr.address as ipaddr.IPv4 & ipaddr.IPv6, cidr.length);

const masked = ({ address, length }: Cidr): Cidr => {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return new Cidr(ipaddr.fromByteArray(bytes), length);
};

/** Adds what rules know of addresses, ranges, sets and named formats. */
export function addNetworkFunctions(environment: Environment): void {
  const [ip, cidr] = ['net.IP', 'net.CIDR'];
  const rangeIs = (name: string, ...ranges: readonly string[]) =>
    environment.registerFunction(`${ip}.${name}(): bool`, ({ address }: Ip) =>
      ranges.includes(address.range()),
    );
  environment
    .registerType(ip, Ip)
    .registerType(cidr, Cidr)
    .registerType('kubernetes.IPNamespace', IpNamespace)
    .registerConstant('ip', 'kubernetes.IPNamespace', new IpNamespace())
    .registerFunction('isIP(string): bool', isAddress)
    .registerFunction(`ip(string): ${ip}`, parsedIp)
    .registerFunction(`string(${ip}): string`, ({ address }: Ip) => textOf(address))
    .registerFunction(`${ip}.family(): int`, ({ address }: Ip) => (address.kind() === 'ipv4' ? 4n : 6n))
    .registerFunction(
      'kubernetes.IPNamespace.isCanonical(string): bool',
      (_: IpNamespace, text: string) => textOf(parsedIp(text).address) === text,
    )
    .registerFunction('isCIDR(string): bool', (text: string) => parsedCidr(text) !== undefined)
    .registerFunction(`cidr(string): ${cidr}`, requiredCidr)
    .registerFunction(
      `string(${cidr}): string`,
      ({ address, length }: Cidr) => `${textOf(address)}/${String(length)}`,
    )
    .registerFunction(`${cidr}.ip(): ${ip}`, ({ address }: Cidr) => new Ip(address))
    .registerFunction(`${cidr}.prefixLength(): int`, ({ length }: Cidr) => BigInt(length))
    .registerFunction(`${cidr}.masked(): ${cidr}`, masked)
    .registerFunction(`${cidr}.containsIP(${ip}): bool`, contains)
    .registerFunction(`${cidr}.containsIP(string): bool`, (range: Cidr, text: string) =>
      contains(range, parsedIp(text)),
    );
  const within = (range: Cidr, other: Cidr) =>
    contains(range, new Ip(other.address)) && range.length <= other.length;
  environment
    .registerFunction(`${cidr}.containsCIDR(${cidr}): bool`, within)
    .registerFunction(`${cidr}.containsCIDR(string): bool`, (range: Cidr, text: string) =>
      within(range, requiredCidr(text)),
    );
  rangeIs('isUnspecified', 'unspecified');
  rangeIs('isLoopback', 'loopback');
  rangeIs('isLinkLocalUnicast', 'linkLocal');
  environment
    .registerFunction(`${ip}.isLinkLocalMulticast(): bool`, ({ address }: Ip) =>
      /^(?:224\.0\.0\.|ff.2:)/.test(textOf(address)),
    )
    .registerFunction(
      `${ip}.isGlobalUnicast(): bool`,
      ({ address }: Ip) =>
        !['unspecified', 'loopback', 'linkLocal', 'multicast', 'broadcast'].includes(address.range()),
    );
}

/** A version in a rule (Kubernetes: CEL semver library). */
class Semver {
  readonly numbers: readonly bigint[];
  readonly before: readonly string[];

  constructor(numbers: readonly bigint[], before: readonly string[]) {
    this.numbers = numbers;
    this.before = before;
  }
}

const semverPattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

function parsedSemver(given: string, isLoose: boolean): Semver | undefined {
  const [head = '', ...rest] = given.replace(/^v/, '').split(/(?=[-+])/);
  const padded = [...head.split('.'), '0', '0'].slice(0, Math.max(3, head.split('.').length));
  const loose = padded.map((part) => part.replace(/^0+(?=\d)/, '')).join('.') + rest.join('');
  const [, major, minor, patch, before = ''] = semverPattern.exec(isLoose ? loose : given) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return new Semver([major, minor, patch].map(BigInt), before === '' ? [] : before.split('.'));
}

function compareSemver(a: Semver, b: Semver): bigint {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1n : 1n;
  }
  if (a.before.length === 0 || b.before.length === 0) {
    if (a.before.length === b.before.length) return 0n;
    return a.before.length === 0 ? 1n : -1n;
  }
  for (let index = 0; index < Math.max(a.before.length, b.before.length); index += 1) {
    const [one, other] = [a.before[index], b.before[index]];
    if (one === undefined) return -1n;
    if (other === undefined) return 1n;
    if (one === other) continue;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && isOtherNumber) return BigInt(one) < BigInt(other) ? -1n : 1n;
    if (isNumber !== isOtherNumber) return isNumber ? -1n : 1n;
    return one < other ? -1n : 1n;
  }
  return 0n;
}

/** A version as rules see it. @throws Error for a text that is none */
export function celSemver(text: string, isLoose = false): Semver {
  const version = parsedSemver(text, isLoose);
  if (!version) throw new Error(`${JSON.stringify(text)} is not a semantic version`);
  return version;
}

/** Adds versions (Kubernetes: CEL semver library). */
export function addSemverFunctions(environment: Environment): void {
  const name = 'kubernetes.Semver';
  environment
    .registerType(name, Semver)
    .registerFunction('isSemver(string): bool', (text: string) => parsedSemver(text, false) !== undefined)
    .registerFunction(
      'isSemver(string, bool): bool',
      (text: string, isLoose: boolean) => parsedSemver(text, isLoose) !== undefined,
    )
    .registerFunction(`semver(string): ${name}`, (text: string) => celSemver(text))
    .registerFunction(`semver(string, bool): ${name}`, celSemver)
    .registerFunction(`${name}.compareTo(${name}): int`, compareSemver)
    .registerFunction(`${name}.isLessThan(${name}): bool`, (a: Semver, b: Semver) => compareSemver(a, b) < 0n)
    .registerFunction(
      `${name}.isGreaterThan(${name}): bool`,
      (a: Semver, b: Semver) => compareSemver(a, b) > 0n,
    );
  for (const [index, part] of ['major', 'minor', 'patch'].entries())
    environment.registerFunction(`${name}.${part}(): int`, ({ numbers }: Semver) => numbers[index] ?? 0n);
}

/** A named format in a rule (Kubernetes: CEL format library). */
class Format {
  readonly faults: (text: string) => readonly string[];

  constructor(faults: (text: string) => readonly string[]) {
    this.faults = faults;
  }
}
class FormatNamespace extends Namespace {}

const byPattern =
  (pattern: RegExp, fault: string) =>
  (text: string): readonly string[] =>
    pattern.test(text) ? [] : [fault];
const byName =
  (rule: 'label' | 'subdomain' | 'dns1035', isPrefix = false) =>
  (text: string): readonly string[] => {
    const fault = nameFault(rule, isPrefix ? text.replace(/-$/, 'a') : text);
    return fault === undefined ? [] : [fault];
  };

const formats: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: byName('label'),
  dns1123Subdomain: byName('subdomain'),
  dns1035Label: byName('dns1035'),
  dns1123LabelPrefix: byName('label', true),
  dns1123SubdomainPrefix: byName('subdomain', true),
  dns1035LabelPrefix: byName('dns1035', true),
  qualifiedName: qualifiedNameFaults,
  labelValue: byPattern(
    /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/,
    'a valid label must be an empty string or consist of alphanumeric characters',
  ),
  uri: (text) => (URL.canParse(text) || text.startsWith('/') ? [] : ['invalid URI']),
  uuid: byPattern(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
    'does not match the UUID format',
  ),
  byte: byPattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'invalid base64'),
  date: (text) =>
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? [] : ['invalid date'],
  datetime: (text) =>
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text))
      ? []
      : ['invalid datetime'],
};

/** Adds named formats and sets (Kubernetes: CEL format library; the language's sets extension). */
export function addFormatsAndSets(
  environment: Environment,
  equal: (a: unknown, b: unknown) => boolean,
): void {
  class SetsNamespace extends Namespace {}
  const [named, namespace, sets] = [
    'kubernetes.NamedFormat',
    'kubernetes.FormatNamespace',
    'kubernetes.Sets',
  ];
  environment
    .registerType(named, Format)
    .registerType(namespace, FormatNamespace)
    .registerType(sets, SetsNamespace)
    .registerConstant('format', namespace, new FormatNamespace())
    .registerConstant('sets', sets, new SetsNamespace())
    .registerFunction(`${named}.validate(string): optional<list>`, ({ faults }: Format, text: string) => {
      const found = faults(text);
      return found.length === 0 ? Optional.none() : Optional.of(found);
    })
    .registerFunction(
      `${namespace}.named(string): optional<${named}>`,
      (_: FormatNamespace, name: string) => {
        const found = own(formats, name);
        return found ? Optional.of(new Format(found)) : Optional.none();
      },
    );
  for (const [name, faults] of Object.entries(formats))
    environment.registerFunction(`${namespace}.${name}(): ${named}`, () => new Format(faults));
  const has = (list: readonly unknown[], one: unknown): boolean => list.some((other) => equal(one, other));
  const covers = (list: readonly unknown[], other: readonly unknown[]): boolean =>
    other.every((one) => has(list, one));
  type Lists = [SetsNamespace, unknown[], unknown[]];
  environment
    .registerFunction(`${sets}.contains(list, list): bool`, (...[, a, b]: Lists) => covers(a, b))
    .registerFunction(
      `${sets}.equivalent(list, list): bool`,
      (...[, a, b]: Lists) => covers(a, b) && covers(b, a),
    )
    .registerFunction(`${sets}.intersects(list, list): bool`, (...[, a, b]: Lists) =>
      a.some((one) => has(b, one)),
    );
}
