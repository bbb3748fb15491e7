import { Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import type { ParseResult } from '@marcbachmann/cel-js';
import type { Device, DeviceAttribute } from '../kinds/index.js';
import { addLibraries, celQuantity } from './cel-library.js';
import { celSemver } from './cel-network.js';
import { put } from '../../units/index.js';

/** Whether a device will do; a text says why that can't be told. */
export type DeviceVerdict = boolean | string;

let environment: Environment | undefined;

function deviceEnvironment(): Environment {
  if (environment) return environment;
  const made = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  });
  addLibraries(made);
  made.registerVariable('device', 'dyn');
  environment = made;
  return made;
}

const compiled = new Map<string, DeviceExpression>();

/** An expression about a device, made ready once. */
export function deviceExpression(text: string): DeviceExpression {
  const known = compiled.get(text) ?? new DeviceExpression(text);
  compiled.set(text, known);
  return known;
}

/** Domains that an expression names: a device that has nothing of one has an empty map there. */
const namedDomain = /\.\s*(?:attributes|capacity)\s*\[\s*(?:"([^"]+)"|'([^']+)')\s*\]/g;

/** An expression of a device class or a claim about devices (Kubernetes: CEL for dynamic resource allocation). */
export class DeviceExpression {
  readonly #holds: ParseResult | string;
  readonly #domains: readonly string[];
  /** Devices are immutable, so what was found of one holds. */
  readonly #found = new WeakMap<Device, DeviceVerdict>();

  constructor(text: string) {
    this.#domains = [...text.matchAll(namedDomain)].map((match) => match[1] ?? match[2] ?? '');
    try {
      this.#holds = deviceEnvironment().parse(text);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.#holds = `compilation failed: ${error.summary}`;
    }
  }

  /** Tells whether a driver's device will do. */
  verdict(driver: string, device: Device): DeviceVerdict {
    const known = this.#found.get(device);
    if (known !== undefined) return known;
    const verdict = this.#judge(driver, device);
    this.#found.set(device, verdict);
    return verdict;
  }

  #judge(driver: string, device: Device): DeviceVerdict {
    if (typeof this.#holds === 'string') return this.#holds;
    const attributes = this.#byDomain(driver, device.attributes, attributeValue);
    const capacity = this.#byDomain(driver, device.capacity, ({ value }) => celQuantity(value));
    try {
      const found: unknown = this.#holds({
        device: { driver, attributes, capacity, allowMultipleAllocations: false },
      });
      return typeof found === 'boolean' ? found : 'unexpected result: the expression must be a boolean';
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return `runtime error: ${error.summary.charAt(0).toLowerCase()}${error.summary.slice(1)}`;
    }
  }

  #byDomain<T>(
    driver: string,
    values: Readonly<Record<string, T>> | undefined,
    convert: (value: T) => unknown,
  ): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    const found = new Map<string, Record<string, unknown>>();
    for (const domain of this.#domains) found.set(domain, {});
    for (const [qualified, value] of Object.entries(values ?? {})) {
      const slash = qualified.indexOf('/');
      const domain = slash === -1 ? driver : qualified.slice(0, slash);
      const within = found.get(domain) ?? {};
      put(within, qualified.slice(slash + 1), convert(value));
      found.set(domain, within);
    }
    return Object.fromEntries(found);
  }
}

function attributeValue({ string, int, bool, version }: DeviceAttribute): unknown {
  if (int !== undefined) return BigInt(int);
  return version === undefined ? (string ?? bool) : celSemver(version);
}
