import { isTrue } from '../../conditions.js';
import type { Condition } from '../../conditions.js';
import type { KubeObject } from '../../object.js';
import type { StructuralSchema } from '../../structural/index.js';

/** A column of `kubectl get` (apiextensions/v1 CustomResourceColumnDefinition). */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

/** Where a custom resource keeps what its scale shows (apiextensions/v1 CustomResourceSubresourceScale). */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface DefinitionNames {
  readonly plural: string;
  readonly kind: string;
  readonly singular?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: DefinitionNames;
  readonly versions: readonly DefinitionVersion[];
  readonly conversion?: { readonly strategy: string };
  readonly preserveUnknownFields?: boolean;
}

/** Declares a kind of custom resources (apiextensions/v1 CustomResourceDefinition). */
export interface CustomResourceDefinition extends KubeObject {
  readonly spec: DefinitionSpec;
  readonly status?: {
    readonly acceptedNames?: DefinitionNames;
    readonly conditions?: readonly Condition[];
    readonly storedVersions?: readonly string[];
  };
}

/** True when a definition has the condition. */
export const hasCondition = (definition: CustomResourceDefinition, type: string): boolean =>
  isTrue(definition.status?.conditions, type);

/** Keeps a definition until the objects of its kind are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';
