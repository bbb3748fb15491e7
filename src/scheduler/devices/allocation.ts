import type { Allocation, DeviceConfiguration, NodeSelectorTerm } from '../../kube/index.js';
import type { ClaimDemand } from './demand.js';
import type { Chosen } from './search.js';

type Configuration = NonNullable<NonNullable<Allocation['devices']>['config']>[number];

/** What a claim's status says of the devices that were chosen for it. */
export function allocationOf(demand: ClaimDemand, chosen: readonly Chosen[], node: string): Allocation {
  const config = configurationOf(demand, chosen);
  const nodeSelector = selectorOf(chosen, node);
  return {
    devices: {
      results: chosen.map(({ alternative, device }) => ({
        request: alternative.name,
        driver: device.driver,
        pool: device.pool,
        device: device.device.name,
        ...(alternative.isAdmin && { adminAccess: true }),
      })),
      ...(config.length > 0 && { config }),
    },
    ...(nodeSelector && { nodeSelector }),
  };
}

/** The settings of the classes, then those of the claim that concern what was chosen; for all requests they name none. */
function configurationOf(
  { claim, requests }: ClaimDemand,
  chosen: readonly Chosen[],
): readonly Configuration[] {
  const picked = new Map(chosen.map(({ alternative }) => [alternative.name, alternative]));
  const byClass = new Map<
    string,
    { readonly config: readonly DeviceConfiguration[]; readonly names: string[] }
  >();
  for (const { alternatives } of requests) {
    const alternative = alternatives.find(({ name }) => picked.has(name));
    if (!alternative) continue;
    const { metadata, spec } = alternative.deviceClass;
    const known = byClass.get(metadata.name) ?? { config: spec.config ?? [], names: [] };
    known.names.push(alternative.name);
    byClass.set(metadata.name, known);
  }
  const scoped = (names: readonly string[]) =>
    names.length > 0 && names.length !== requests.length ? { requests: names } : {};
  const ofClasses = [...byClass.values()].flatMap(({ config, names }) =>
    config.map((one): Configuration => ({ source: 'FromClass', ...scoped(names), ...one })),
  );
  const isOf = (name: string): boolean =>
    [...picked.keys()].some((request) => request === name || request.split('/')[0] === name);
  const ofClaim = (claim.spec.devices?.config ?? []).flatMap(
    ({ requests: names = [], ...one }): readonly Configuration[] =>
      names.length > 0 && !names.some(isOf) ? [] : [{ source: 'FromClaim', ...scoped(names), ...one }],
  );
  return [...ofClasses, ...ofClaim];
}

/** The nodes from which all of the devices can be used; undefined where all nodes can. */
function selectorOf(chosen: readonly Chosen[], node: string): Allocation['nodeSelector'] {
  const slices = [...new Set(chosen.map(({ device }) => device.slice))];
  if (slices.some(({ spec }) => spec.nodeName)) {
    const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }] as const;
    return { nodeSelectorTerms: [{ matchFields }] };
  }
  // A slice's selector has one term: a node has to satisfy those of all.
  const terms = slices.flatMap(({ spec }) => spec.nodeSelector?.nodeSelectorTerms ?? []);
  if (terms.length === 0) return undefined;
  const joined = (member: 'matchFields' | 'matchExpressions') => terms.flatMap((term) => term[member] ?? []);
  const matchFields = joined('matchFields');
  const matchExpressions = joined('matchExpressions');
  const term: NodeSelectorTerm = {
    ...(matchFields.length > 0 && { matchFields }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
  return { nodeSelectorTerms: [term] };
}
