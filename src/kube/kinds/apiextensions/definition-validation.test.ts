import { describe, expect, test } from 'vitest';
import { errorText } from '../../api/field-error.js';
import { nameFault } from '../../api/names.js';
import { definitionErrors } from './definition-validation.js';
import type { CustomResourceDefinition, DefinitionSpec, DefinitionVersion } from './definition.js';

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: { type: 'object', properties: { colour: { type: 'string' } } } },
  },
};
const v1: DefinitionVersion = { name: 'v1', served: true, storage: true, schema };
const definition = (
  spec: Partial<DefinitionSpec> = {},
  more: Partial<CustomResourceDefinition> = {},
): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com', uid: 'u', creationTimestamp: 't' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [v1],
    conversion: { strategy: 'None' },
    ...spec,
  },
  ...more,
});
const errorsOf = (object: CustomResourceDefinition, before?: CustomResourceDefinition) =>
  definitionErrors(object, before).map(errorText);

describe('a definition', () => {
  test.each<[string, Partial<DefinitionSpec>, readonly string[]]>([
    ['that is sound', {}, []],
    [
      'of another name',
      { names: { plural: 'others', kind: 'Thing' } },
      ['metadata.name: Invalid value: "things.example.com": must be spec.names.plural+"."+spec.group'],
    ],
    [
      'of a group that is no domain',
      { group: 'example' },
      [
        'metadata.name: Invalid value: "things.example.com": must be spec.names.plural+"."+spec.group',
        'spec.group: Invalid value: "example": should be a domain with at least one dot',
      ],
    ],
    [
      'of another scope',
      { scope: 'World' },
      ['spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"'],
    ],
    [
      'whose list is called as its kind',
      { names: { plural: 'things', kind: 'Thing', listKind: 'Thing' } },
      ['spec.names.listKind: Invalid value: "Thing": kind and listKind may not be the same'],
    ],
    [
      'without a stored version',
      { versions: [{ ...v1, storage: false }] },
      ['spec.versions: Invalid value: ["v1"]: must have exactly one version marked as storage version'],
    ],
    [
      'with two stored versions',
      { versions: [v1, { ...v1, name: 'v2' }] },
      ['spec.versions: Invalid value: ["v1","v2"]: must have exactly one version marked as storage version'],
    ],
    [
      'with a version twice',
      { versions: [v1, { ...v1, storage: false }] },
      ['spec.versions: Invalid value: ["v1","v1"]: must contain unique version names'],
    ],
    [
      'with a version without a name',
      { versions: [v1, { served: true, storage: false, schema } as unknown as DefinitionVersion] },
      [`spec.versions[1].name: Invalid value: "": ${nameFault('dns1035', '') ?? ''}`],
    ],
    [
      'without a schema',
      { versions: [{ name: 'v1', served: true, storage: true }] },
      ['spec.versions[0].schema.openAPIV3Schema: Required value'],
    ],
    [
      'with a schema that is not structural',
      { versions: [{ ...v1, schema: { openAPIV3Schema: {} } }] },
      ['spec.validation.openAPIV3Schema.type: Required value: must not be empty at the root'],
    ],
    [
      'with one of several that is not',
      { versions: [v1, { name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: {} } }] },
      ['spec.versions[1].schema.openAPIV3Schema.type: Required value: must not be empty at the root'],
    ],
    [
      'that has its versions converted by a webhook',
      { conversion: { strategy: 'Webhook' } },
      [
        'spec.conversion.strategy: Forbidden: Webhook is not available here: webhooks are not called, so versions can only be converted by the strategy None',
      ],
    ],
    [
      'that preserves unknown fields',
      { preserveUnknownFields: true },
      [
        'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ],
    ],
    [
      'that warns of what is not deprecated',
      { versions: [{ ...v1, deprecationWarning: 'x' }] },
      ['spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions'],
    ],
    [
      'with a column of another type',
      { versions: [{ ...v1, additionalPrinterColumns: [{ name: 'A', type: 'colour', jsonPath: '.a' }] }] },
      [
        'spec.additionalPrinterColumns[0].type: Unsupported value: "colour": supported values: "integer", "number", "string", "boolean", "date"',
      ],
    ],
    [
      'with a column of no path',
      { versions: [{ ...v1, additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'a' }] }] },
      [
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .',
      ],
    ],
    [
      'with a scale elsewhere',
      {
        versions: [
          {
            ...v1,
            subresources: { scale: { specReplicasPath: '.status.a', statusReplicasPath: '.status.a' } },
          },
        ],
      },
      [
        'spec.subresources.scale.specReplicasPath: Invalid value: ".status.a": should be a json path under .spec',
      ],
    ],
    [
      'that selects by a field',
      { versions: [{ ...v1, selectableFields: [{ jsonPath: '.spec.colour' }] }] },
      [],
    ],
    [
      'that selects by what is no field',
      { versions: [{ ...v1, selectableFields: [{ jsonPath: '.spec.size' }] }] },
      ['spec.versions[0].selectableFields[0].jsonPath: Invalid value: ".spec.size": is an invalid path'],
    ],
  ])('%s', (_, spec, errors) => expect(errorsOf(definition(spec))).toEqual(errors));

  test('of a group of Kubernetes itself needs to say who approved it', () => {
    const metadata = { name: 'things.x.k8s.io', uid: 'u', creationTimestamp: 't' };
    expect(errorsOf(definition({ group: 'x.k8s.io' }, { metadata }))).toEqual([
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ]);
    const annotations = { 'api-approved.kubernetes.io': 'https://github.com/x' };
    expect(errorsOf(definition({ group: 'x.k8s.io' }, { metadata: { ...metadata, annotations } }))).toEqual(
      [],
    );
  });

  test('keeps its scope, its kind and the versions that objects were stored in', () => {
    const before = definition(
      { versions: [v1] },
      {
        status: {
          storedVersions: ['v1'],
          conditions: [
            { type: 'Established', status: 'True', lastTransitionTime: 't', reason: '', message: '' },
          ],
        },
      },
    );
    const names = { plural: 'things', kind: 'Other' };
    expect(
      errorsOf(definition({ scope: 'Cluster', names, versions: [{ ...v1, name: 'v2' }] }), before),
    ).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
      'spec.names.kind: Invalid value: "Other": field is immutable',
      expect.stringContaining('status.storedVersions[0]: Invalid value: "v1": missing from spec.versions'),
    ]);
  });
});
