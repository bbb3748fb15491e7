import * as k8s from '@kubernetes/client-node';

/** A class of the client for a group's version, e.g. `AppsV1Api`. */
export interface ApiClass {
  readonly name: string;
  readonly constructor: k8s.ApiConstructor<k8s.ApiType>;
  /** Its methods that are requests. */
  readonly calls: readonly string[];
}

/** A kind that the server has, with what can be done with it. */
export interface ServedKind {
  readonly className: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

/** Versions that the client has classes for. */
export const apiClasses: readonly ApiClass[] = Object.entries(k8s)
  .filter(([name]) => /V\d+((alpha|beta)\d+)?Api$/.test(name))
  .map(([name, value]) => {
    const constructor = value as ApiClass['constructor'];
    const { prototype } = constructor as unknown as { readonly prototype: object };
    const calls = Object.getOwnPropertyNames(prototype).filter(
      (call) => !/^(constructor|getAPIResources)$|WithHttpInfo$/.test(call),
    );
    return { name, constructor, calls };
  });

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly {
        readonly responseKind: { readonly kind: string };
        readonly scope: 'Namespaced' | 'Cluster';
        readonly verbs: readonly string[];
        readonly subresources?: readonly {
          readonly subresource: string;
          readonly verbs: readonly string[];
        }[];
      }[];
    }[];
  }[];
}

/** The kinds of aggregated discovery documents. */
export const servedKinds = (documents: readonly string[]): readonly ServedKind[] =>
  documents.flatMap((text) =>
    (JSON.parse(text) as Discovery).items.flatMap(({ metadata: { name: group = '' }, versions }) =>
      versions.flatMap(({ version, resources }) =>
        resources.map(({ responseKind: { kind }, scope, verbs, subresources = [] }) => ({
          className: `${capitals(group.replace(/\.k8s\.io$/, '') || 'core')}${capitals(version)}Api`,
          apiVersion: group === '' ? version : `${group}/${version}`,
          kind,
          isNamespaced: scope === 'Namespaced',
          verbs,
          subresources: subresources.map(({ subresource, verbs: own }) => ({
            name: subresource,
            verbs: own,
          })),
        })),
      ),
    ),
  );

const capitals = (text: string): string =>
  text
    .split('.')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const wordOf: Readonly<Record<string, string>> = {
  create: 'create',
  get: 'read',
  update: 'replace',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'deleteCollection',
  list: 'list',
};

/** The client's name for a request, e.g. `readNamespacedPodStatus`; for a verb of discovery. */
export const callOf = ({ kind, isNamespaced }: ServedKind, verb: string, subresource = ''): string =>
  `${wordOf[verb] ?? verb}${isNamespaced ? 'Namespaced' : ''}${kind}${capitals(subresource)}`;

/** Subresources that connect to something are `connectGetNamespacedPodProxy` and so on. */
const connecting = new Set(['proxy', 'exec', 'attach', 'portforward']);

/** All requests that discovery tells of for a kind, as the client names them. */
export function callsOf(kind: ServedKind): readonly string[] {
  const own = kind.verbs.filter((verb) => verb in wordOf).map((verb) => callOf(kind, verb));
  const everywhere =
    kind.isNamespaced && kind.verbs.includes('list') ? [`list${kind.kind}ForAllNamespaces`] : [];
  const further = kind.subresources
    .filter(({ name }) => !connecting.has(name))
    .flatMap(({ name, verbs }) => verbs.map((verb) => callOf(kind, verb, name)));
  return [...own, ...everywhere, ...further];
}
