import type { GroupOptions } from '../../autoscaler/index.js';
import { parseDuration } from '../../kube/index.js';
import type { Taint } from '../../kube/index.js';
import { isQuantity, milliseconds } from '../../units/index.js';
import type { StringMap } from '../model.js';

/** Tags by which a scale set tells the autoscaler of its nodes and how to treat them (cluster autoscaler on Azure). */
const prefix = 'k8s.io_cluster-autoscaler_node-template_';

/** Tags have no slashes: an underscore stands for one, and `~2` for itself. */
const decoded = (text: string): string => text.replaceAll('_', '/').replaceAll('~2', '_');

/** The tags of one kind of hint, by what follows the kind in their names. */
const hintsOf = (tags: StringMap, kind: string): readonly (readonly [name: string, value: string])[] =>
  Object.entries(tags)
    .filter(([tag]) => tag.startsWith(`${prefix}${kind}_`))
    .map(([tag, value]) => [tag.slice(prefix.length + kind.length + 1), value]);

/** Labels that tags tell of. */
export const labelHints = (tags: StringMap): StringMap =>
  Object.fromEntries(hintsOf(tags, 'label').map(([name, value]) => [decoded(name), value]));

/** Taints that tags tell of, as `value:Effect`; others are left out. */
export const taintHints = (tags: StringMap): readonly Taint[] =>
  hintsOf(tags, 'taint').flatMap(([name, text]) => {
    const [, value, effect] = /^([^:]*):(NoSchedule|NoExecute|PreferNoSchedule)$/.exec(text) ?? [];
    if (value === undefined || effect === undefined) return [];
    return [{ key: decoded(name), ...(value !== '' && { value }), effect: effect as Taint['effect'] }];
  });

/** Resources that tags tell of; what is no quantity is left out. */
export const resourceHints = (tags: StringMap): StringMap =>
  Object.fromEntries(
    hintsOf(tags, 'resources')
      .filter(([, quantity]) => isQuantity(quantity))
      .map(([name, quantity]) => [decoded(name), quantity]),
  );

const ratio = (text: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;

const duration = (text: string) => {
  const nanoseconds = parseDuration(text);
  return nanoseconds === undefined ? undefined : milliseconds(nanoseconds / 1e6);
};

/** Settings of the group alone that tags tell of; bad values are ignored. */
export function groupOptions(tags: StringMap): GroupOptions {
  const hints = new Map(hintsOf(tags, 'autoscaling-options'));
  const read = <T>(name: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = hints.get(name);
    return text === undefined ? undefined : parse(text);
  };
  const scaleDownUtilizationThreshold = read('scaledownutilizationthreshold', ratio);
  const scaleDownGpuUtilizationThreshold = read('scaledowngpuutilizationthreshold', ratio);
  const scaleDownUnneededTime = read('scaledownunneededtime', duration);
  const scaleDownUnreadyTime = read('scaledownunreadytime', duration);
  return {
    ...(scaleDownUtilizationThreshold !== undefined && { scaleDownUtilizationThreshold }),
    ...(scaleDownGpuUtilizationThreshold !== undefined && { scaleDownGpuUtilizationThreshold }),
    ...(scaleDownUnneededTime !== undefined && { scaleDownUnneededTime }),
    ...(scaleDownUnreadyTime !== undefined && { scaleDownUnreadyTime }),
  };
}
