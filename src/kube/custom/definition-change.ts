import type { Store } from '../../store/index.js';
import { customResourceDefinitions } from '../kinds/index.js';
import type { CustomResourceDefinition } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { Stored } from '../object.js';
import type { ResourceType } from '../resource-type.js';

const definitions = customResourceDefinitions.collection;

/** What a definition serves: another spec or other names are another storage (apiextensions-apiserver: custom resource handler). */
const servedBy = ({ spec, status }: CustomResourceDefinition): string =>
  canonicalJson({ spec, names: status?.acceptedNames });

/**
 * Calls back when the definition of a custom kind serves something else than before, or is gone: whoever watches the kind has
 * to begin anew then. Kinds of Kubernetes itself never change.
 */
export function onDefinitionChange(
  store: Store,
  type: ResourceType,
  cluster: string,
  changed: () => void,
): { close(): void } {
  if (type.listKind === undefined) return { close: () => undefined };
  const name = `${type.plural}.${type.group}`;
  const definitionOf = (value: unknown): CustomResourceDefinition | undefined => {
    const stored = value as Stored<CustomResourceDefinition> | undefined;
    return stored?.cluster === cluster && stored.object.metadata.name === name ? stored.object : undefined;
  };
  return store.watch({ collections: [definitions] }, ({ changes }) => {
    for (const { collection, before, after } of changes) {
      if (collection !== definitions.name) continue;
      const was = definitionOf(before);
      const is = definitionOf(after);
      if (was && (!is || servedBy(was) !== servedBy(is))) changed();
    }
  });
}
