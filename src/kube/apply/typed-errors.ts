import { isObject } from '../object.js';
import { memberShape } from '../schema/index.js';
import type { Shape, ValueType } from '../schema/index.js';
import { elementName, pathElement } from './field-set.js';
import { goSyntax, goText, goType } from '../go-values.js';
import { own } from '../../units/index.js';

/**
 * What of a configuration can't be applied: members that its schema does not declare, values of another type than theirs,
 * elements of a list that can't be told apart (Kubernetes: server-side apply). In the API server's words, e.g.
 * `.spec.replicas: expected numeric (int or float), got string`.
 */
export function typedErrors(configuration: unknown, type: ValueType, shape: Shape): readonly string[] {
  const errors: string[] = [];
  check(configuration, type, shape, '', errors);
  return errors;
}

function check(value: unknown, type: ValueType, shape: Shape, at: string, errors: string[]): void {
  if (value === null || value === undefined) return;
  switch (type.kind) {
    case 'anything':
      return;
    case 'map':
      if (isObject(value)) checkMembers(value, type, shape, at, errors);
      else errors.push(`${at}: expected map, got &{${goText(value)}}`);
      return;
    case 'list':
      if (Array.isArray(value)) checkElements(value, type.of, shape, at, errors);
      else errors.push(`${at}: expected list, got &{${goText(value)}}`);
      return;
    default: {
      const fault = scalarFault(value, type.kind);
      if (fault !== undefined) errors.push(`${at}: ${fault}`);
    }
  }
}

type ScalarKind = Exclude<ValueType['kind'], 'anything' | 'map' | 'list'>;

function scalarFault(value: unknown, kind: ScalarKind): string | undefined {
  if (kind === 'scalar') {
    return typeof value === 'object' ? `expected any scalar, got &{${goText(value)}}` : undefined;
  }
  if (typeof value === kind) return undefined;
  switch (kind) {
    case 'number':
      return `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
      return `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return `expected boolean, got &{${goText(value)}}`;
  }
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  type: Extract<ValueType, { kind: 'map' }>,
  shape: Shape,
  at: string,
  errors: string[],
): void {
  for (const [name, member] of Object.entries(value)) {
    const path = `${at}.${name}`;
    const memberType = type.member(name);
    if (!memberType) {
      errors.push(`${path}: field not declared in schema`);
      // The API server, too, names one of each object.
      return;
    }
    check(member, memberType, memberShape(shape, name), path, errors);
  }
}

function checkElements(
  elements: readonly unknown[],
  of: ValueType,
  shape: Shape,
  at: string,
  errors: string[],
): void {
  const seen = new Set<string>();
  for (const [index, element] of elements.entries()) {
    if (shape.kind !== 'list' && shape.kind !== 'set') {
      check(element, of, { kind: 'atomic' }, `${at}[${String(index)}]`, errors);
      continue;
    }
    const fault = elementFault(element, shape);
    if (fault !== undefined) {
      errors.push(`${at}: element ${String(index)}: ${fault}`);
      // What can't be told apart has no path either.
      return;
    }
    const name = shape.kind === 'set' ? `v:${JSON.stringify(element)}` : elementName(shape, element);
    if (seen.has(name)) errors.push(`${at}: duplicate entries for key ${pathElement(name)}`);
    seen.add(name);
    const within = shape.kind === 'set' ? shape : shape.of;
    check(element, of, within, at + pathElement(name), errors);
  }
}

/** Why an element can't be told from others. */
function elementFault(element: unknown, shape: Extract<Shape, { kind: 'list' | 'set' }>): string | undefined {
  if (shape.kind === 'set') {
    if (isObject(element)) return "associative list without keys has an element that's a map type";
    return Array.isArray(element) ? 'not supported: associative list with lists as elements' : undefined;
  }
  if (element === null) return 'associative list with keys may not have a null element';
  if (!isObject(element)) return 'associative list with keys may not have non-map elements';
  if (shape.keys.some((key) => own(element, key) !== undefined || own(shape.keyDefaults, key) !== undefined))
    return undefined;
  const keys = shape.keys.map((key) => JSON.stringify(key)).join(' ');
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}
