import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { nameFault } from '../../api/names.js';
import { canonicalJson } from '../../object.js';
import { checkStructural } from '../../structural/index.js';
import type { StructuralSchema } from '../../structural/index.js';
import { JsonPathError, parseJsonPath } from '../../table/index.js';
import { hasCondition } from './definition.js';
import type {
  CustomResourceDefinition,
  DefinitionNames,
  DefinitionSpec,
  DefinitionVersion,
  PrinterColumn,
  ScalePaths,
} from './definition.js';
import { own } from '../../../units/index.js';

/** Everything wrong with a definition (apiextensions: validation of CustomResourceDefinitions). */
export const definitionErrors = validation<CustomResourceDefinition>((faults, definition, before) => {
  const { spec, metadata } = definition;
  const { group = '', names } = spec;
  if (names.plural !== '' && metadata.name !== `${names.plural}.${group}`) {
    faults.invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group');
  }
  checkGroup(faults, definition);
  faults.requiredOneOf('spec.scope', spec.scope, ['Cluster', 'Namespaced']);
  checkNames(faults, names);
  checkConversion(faults, spec);
  if (spec.preserveUnknownFields === true) {
    faults.invalid(
      'spec.preserveUnknownFields',
      true,
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    );
  }
  checkVersions(faults, spec.versions ?? []);
  if (before) checkChange(faults, definition, before);
});

function checkGroup(faults: Faults, { spec, metadata }: CustomResourceDefinition): void {
  const { group = '' } = spec;
  if (group === '') {
    faults.required('spec.group');
    return;
  }
  faults.invalid('spec.group', group, nameFault('subdomain', group));
  if (!group.includes('.')) faults.invalid('spec.group', group, 'should be a domain with at least one dot');
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  const annotation = 'api-approved.kubernetes.io';
  if (isProtected && !metadata.annotations?.[annotation]) {
    faults.required(
      `metadata.annotations[${annotation}]`,
      `protected groups must have approval annotation "${annotation}", see https://github.com/kubernetes/enhancements/pull/1111`,
    );
  }
}

function checkNames(faults: Faults, names: DefinitionNames): void {
  const { plural = '', singular, kind = '', listKind, shortNames = [], categories = [] } = names;
  const label = (path: string, name: string) => faults.invalid(path, name, nameFault('dns1035', name));
  const kindName = (path: string, name: string) => {
    const fault = nameFault('dns1035', name.toLowerCase());
    const detail = fault && `may have mixed case, but should otherwise match: ${fault}`;
    faults.invalid(path, name, detail);
  };
  if (plural === '') faults.required('spec.names.plural');
  else label('spec.names.plural', plural);
  if (singular) label('spec.names.singular', singular);
  if (kind === '') faults.required('spec.names.kind');
  else kindName('spec.names.kind', kind);
  if (listKind) kindName('spec.names.listKind', listKind);
  if (listKind && listKind === kind) {
    faults.invalid('spec.names.listKind', listKind, 'kind and listKind may not be the same');
  }
  for (const [index, name] of shortNames.entries()) label(`spec.names.shortNames[${String(index)}]`, name);
  for (const [index, name] of categories.entries()) label(`spec.names.categories[${String(index)}]`, name);
}

function checkConversion(faults: Faults, { conversion }: DefinitionSpec): void {
  if (conversion?.strategy === 'Webhook') {
    faults.forbidden(
      'spec.conversion.strategy',
      'Webhook is not available here: webhooks are not called, so versions can only be converted by the strategy None',
    );
    return;
  }
  faults.requiredOneOf('spec.conversion.strategy', conversion?.strategy, ['None', 'Webhook']);
}

function checkVersions(faults: Faults, versions: readonly DefinitionVersion[]): void {
  // The API reads a version without a name as one with an empty name.
  const names = versions.map(({ name = '' }) => name);
  for (const [index, version] of versions.entries()) {
    const at = `spec.versions[${String(index)}]`;
    const name = names[index] ?? '';
    faults.invalid(`${at}.name`, name, nameFault('dns1035', name));
    if (version.deprecationWarning !== undefined && version.deprecated !== true) {
      faults.invalid(
        `${at}.deprecationWarning`,
        version.deprecationWarning,
        'can only be set for deprecated versions',
      );
    }
  }
  if (new Set(names).size < names.length) {
    faults.invalid('spec.versions', names, 'must contain unique version names');
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    faults.invalid('spec.versions', names, 'must have exactly one version marked as storage version');
  }
  checkParts(faults, versions);
}

/** What versions have in common is told once, by the place that it has for all of them. */
function checkParts(faults: Faults, versions: readonly DefinitionVersion[]): void {
  const each = <T>(
    part: (version: DefinitionVersion) => T,
    shared: string,
    own: string,
    check: (path: string, value: T) => void,
  ): void => {
    const [first, ...others] = versions.map(part);
    if (first === undefined && others.every((other) => other === undefined)) {
      for (const index of versions.keys()) check(`spec.versions[${String(index)}].${own}`, first as T);
      return;
    }
    if (others.every((other) => canonicalJson(other) === canonicalJson(first))) {
      check(`spec.${shared}`, first as T);
      return;
    }
    for (const [index, version] of versions.entries()) {
      check(`spec.versions[${String(index)}].${own}`, part(version));
    }
  };
  each(
    ({ schema }) => schema?.openAPIV3Schema,
    'validation.openAPIV3Schema',
    'schema.openAPIV3Schema',
    (path, schema) => checkSchemaOf(faults, path, schema),
  );
  each(
    ({ subresources }) => subresources?.scale,
    'subresources.scale',
    'subresources.scale',
    (path, scale) => scale && checkScale(faults, path, scale),
  );
  each(
    ({ additionalPrinterColumns }) => additionalPrinterColumns,
    'additionalPrinterColumns',
    'additionalPrinterColumns',
    (path, columns = []) =>
      columns.forEach((column, index) => checkColumn(faults, `${path}[${String(index)}]`, column)),
  );
  for (const [index, version] of versions.entries()) {
    checkSelectableFields(faults, `spec.versions[${String(index)}].selectableFields`, version);
  }
}

function checkSchemaOf(faults: Faults, path: string, schema: StructuralSchema | undefined): void {
  if (!schema) faults.required(path);
  else checkStructural(faults, path, schema);
}

function checkScale(faults: Faults, path: string, scale: ScalePaths): void {
  const under = (name: string, value: string | undefined, roots: readonly string[], where: string): void => {
    if (value === undefined || value === '') {
      faults.required(`${path}.${name}`);
      return;
    }
    if (!roots.some((root) => value.startsWith(`.${root}.`))) {
      faults.invalid(`${path}.${name}`, value, `should be a json path under ${where}`);
    } else if (!isSimplePath(value)) {
      faults.invalid(`${path}.${name}`, value, 'must be a simple json path');
    }
  };
  under('specReplicasPath', scale.specReplicasPath, ['spec'], '.spec');
  under('statusReplicasPath', scale.statusReplicasPath, ['status'], '.status');
  if (scale.labelSelectorPath) {
    under('labelSelectorPath', scale.labelSelectorPath, ['spec', 'status'], 'either .spec or .status');
  }
}

const isSimplePath = (path: string): boolean => /^(\.[A-Za-z_][-\w]*)+$/.test(path);

const columnTypes = ['integer', 'number', 'string', 'boolean', 'date'];
const columnFormats = ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password'];

function checkColumn(faults: Faults, path: string, column: PrinterColumn): void {
  if (column.name === '') faults.required(`${path}.name`);
  faults.requiredOneOf(`${path}.type`, column.type, columnTypes);
  if (column.format) faults.oneOf(`${path}.format`, column.format, columnFormats);
  const { jsonPath = '' } = column;
  if (jsonPath === '') faults.required(`${path}.JSONPath`);
  else if (!jsonPath.startsWith('.')) {
    faults.invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .');
  } else faults.invalid(`${path}.JSONPath`, jsonPath, pathFault(jsonPath));
}

function pathFault(jsonPath: string): string | undefined {
  try {
    parseJsonPath(jsonPath);
    return undefined;
  } catch (error) {
    if (error instanceof JsonPathError) return `is an invalid json path: ${error.message}`;
    throw error;
  }
}

/** Fields of a query are plain values that the schema declares. */
function checkSelectableFields(faults: Faults, path: string, version: DefinitionVersion): void {
  const { selectableFields = [], schema } = version;
  if (selectableFields.length > 8) faults.tooMany(path, selectableFields.length, 8);
  for (const [index, { jsonPath }] of selectableFields.entries()) {
    const at = `${path}[${String(index)}].jsonPath`;
    if (jsonPath === '') {
      faults.required(at);
      continue;
    }
    const found = jsonPath
      .split('.')
      .slice(1)
      .reduce<StructuralSchema | undefined>(
        (inner, name) => own(inner?.properties, name),
        schema?.openAPIV3Schema,
      );
    if (!isSimplePath(jsonPath) || jsonPath.startsWith('.metadata') || !found) {
      faults.invalid(at, jsonPath, 'is an invalid path');
    } else if (!['string', 'integer', 'boolean'].includes(found.type ?? '')) {
      faults.invalid(
        at,
        jsonPath,
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      );
    }
  }
}

/** What a definition that is in use may not change. */
function checkChange(
  faults: Faults,
  { spec }: CustomResourceDefinition,
  before: CustomResourceDefinition,
): void {
  const old = before.spec;
  faults.immutable('spec.group', spec.group, spec.group === old.group);
  faults.immutable('spec.names.plural', spec.names.plural, spec.names.plural === old.names.plural);
  if (hasCondition(before, 'Established')) {
    faults.immutable('spec.scope', spec.scope, spec.scope === old.scope);
    faults.immutable('spec.names.kind', spec.names.kind, spec.names.kind === old.names.kind);
  }
  const present = new Set(spec.versions.map(({ name }) => name));
  for (const [index, version] of (before.status?.storedVersions ?? []).entries()) {
    if (present.has(version)) continue;
    faults.invalid(
      `status.storedVersions[${String(index)}]`,
      version,
      `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`,
    );
  }
}
