import { parse, stringify } from 'yaml';
import { InvalidValueError } from '../usage-error.js';

interface Named {
  readonly name: string;
}
interface Context extends Named {
  readonly context: { readonly cluster: string; readonly user: string };
}
interface Kubeconfig {
  readonly clusters?: readonly Named[] | null;
  readonly users?: readonly Named[] | null;
  readonly contexts?: readonly Context[] | null;
  readonly 'current-context'?: string;
}

/**
 * Merges a cluster's kubeconfig into an existing one and makes it current, as `az aks get-credentials` does.
 *
 * @throws UsageError when an entry of the same name differs and may not be replaced, or the file is no kubeconfig.
 */
export function mergeKubeconfig(
  existingText: string,
  addedText: string,
  options: { readonly overwrite: boolean; readonly context?: string },
): { readonly text: string; readonly context: string } {
  const existing = read(existingText);
  const added = renamed(read(addedText), options.context);
  const context = added['current-context'] ?? '';
  const merged = {
    apiVersion: 'v1',
    kind: 'Config',
    ...existing,
    clusters: mergeNamed('clusters', existing.clusters, added.clusters, options.overwrite),
    contexts: mergeNamed('contexts', existing.contexts, added.contexts, options.overwrite),
    users: mergeNamed('users', existing.users, added.users, options.overwrite),
    'current-context': context,
  };
  return { text: stringify(merged), context };
}

function read(text: string): Kubeconfig {
  const value: unknown = parse(text) ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Kubeconfig;
  throw new InvalidValueError('--file: the existing file is no kubeconfig. Choose another with --file.');
}

function renamed(config: Kubeconfig, name: string | undefined): Kubeconfig {
  if (name === undefined) return config;
  const contexts = (config.contexts ?? []).map((context) => ({ ...context, name }));
  return { ...config, contexts, 'current-context': name };
}

function mergeNamed(
  kind: string,
  existing: readonly Named[] | null | undefined,
  added: readonly Named[] | null | undefined,
  overwrite: boolean,
): readonly Named[] {
  const kept = (existing ?? []).filter((entry) => {
    const replacement = added?.find(({ name }) => name === entry.name);
    if (!replacement) return true;
    if (!overwrite && JSON.stringify(entry) !== JSON.stringify(replacement)) {
      throw new InvalidValueError(
        `A different object named ${entry.name} already exists in your kubeconfig file under ${kind}. Use --overwrite-existing to replace it.`,
      );
    }
    return false;
  });
  return [...kept, ...(added ?? [])];
}
