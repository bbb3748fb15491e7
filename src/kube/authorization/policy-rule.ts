/** What a request does, as rules speak of it. */
export type Attributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      /** Plural, with `/subresource` where there is one. */
      readonly resource: string;
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

/** One rule of a role (rbac.authorization.k8s.io/v1 PolicyRule). */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

/** True when a list of resources covers one: by its name, by `*`, or by `*` and its subresource. */
function hasResource(list: readonly string[] | undefined, resource: string): boolean {
  if (has(list, resource)) return true;
  const slash = resource.indexOf('/');
  return slash > 0 && list?.includes(`*${resource.slice(slash)}`) === true;
}

/** True when a list of paths covers one; a final `*` stands for all that begins so. */
const hasPath = (list: readonly string[] | undefined, path: string): boolean =>
  (list ?? []).some((one) => (one.endsWith('*') ? path.startsWith(one.slice(0, -1)) : one === path));

/** True when a rule lets a request through (Kubernetes: RBAC). */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') return hasPath(rule.nonResourceURLs, attributes.path);
  const { group, resource, name } = attributes;
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, group) &&
    hasResource(rule.resources, resource) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

/** Rules that each say one thing: one verb on one resource, named or not, or on one path. */
export function singleRules(rule: PolicyRule): readonly PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => {
        const one = { verbs: [verb], apiGroups: [group], resources: [resource] };
        return resourceNames.length === 0
          ? [one]
          : resourceNames.map((name) => ({ ...one, resourceNames: [name] }));
      }),
    ),
  );
  const onPaths = nonResourceURLs.flatMap((path) =>
    verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [path] })),
  );
  return [...onResources, ...onPaths];
}

/** What `wanted` allows that none of the rules held does, one verb on one thing each. */
export const uncovered = (
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] =>
  wanted.flatMap(singleRules).filter((single) => !held.some((rule) => covers(rule, single)));

function covers(
  rule: PolicyRule,
  { verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule,
) {
  const names = rule.resourceNames ?? [];
  return (
    verbs.every((verb) => has(rule.verbs, verb)) &&
    (apiGroups ?? []).every((group) => has(rule.apiGroups, group)) &&
    (resources ?? []).every((resource) => hasResource(rule.resources, resource)) &&
    (nonResourceURLs ?? []).every((path) => hasPath(rule.nonResourceURLs, path)) &&
    (names.length === 0 ||
      (resourceNames !== undefined && resourceNames.every((name) => names.includes(name))))
  );
}

/** Single rules told together: the verbs of one thing in one line, lines in order (Kubernetes: compact rules). */
export function compactTexts(rules: readonly PolicyRule[]): readonly string[] {
  const merged = new Map<string, { rule: PolicyRule; verbs: string[] }>();
  for (const rule of rules) {
    const { verbs, ...thing } = rule;
    const key = JSON.stringify(thing);
    const known = merged.get(key);
    // Paths are not told together.
    if (known && rule.nonResourceURLs === undefined) known.verbs.push(...verbs);
    else merged.set(known ? `${key}${verbs.join()}` : key, { rule, verbs: [...verbs] });
  }
  const texts = [...merged.values()].map(({ rule, verbs }) => ruleText({ ...rule, verbs }));
  return [...new Set(texts)].sort();
}

/** Texts as Kubernetes quotes lists, e.g. `["a" "b"]`. */
export const quotedList = (texts: readonly string[]): string =>
  `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

function ruleText(rule: PolicyRule): string {
  const members = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ] as const;
  const shown = members.flatMap(([name, list]) =>
    list && list.length > 0 ? [`${name}:${quotedList(list)}`] : [],
  );
  return `{${shown.join(', ')}}`;
}
