import type { AutoScalerProfile } from '../model.js';
import { invalidCluster } from '../refusal.js';

interface Setting {
  readonly fallback: string | boolean;
  readonly accepts: (value: string | boolean) => boolean;
  readonly wanted: string;
}

const matching = (fallback: string, pattern: RegExp, wanted: string): Setting => ({
  fallback,
  accepts: (value) => typeof value === 'string' && pattern.test(value),
  wanted,
});
const minutes = (fallback: string): Setting => matching(fallback, /^\d+m$/, 'whole minutes such as "10m"');
const whole = (fallback: string): Setting => matching(fallback, /^\d+$/, 'a whole number such as "10"');
const truth = (fallback: string): Setting => matching(fallback, /^(true|false)$/i, '"true" or "false"');
const flag = (fallback: boolean): Setting => ({
  fallback,
  accepts: (value) => typeof value === 'boolean',
  wanted: 'true or false',
});

/** The settings of the cluster autoscaler, with AKS's defaults (AKS: cluster autoscaler profile). */
const settings: Readonly<Record<string, Setting>> = {
  'balance-similar-node-groups': truth('false'),
  'daemonset-eviction-for-empty-nodes': flag(false),
  'daemonset-eviction-for-occupied-nodes': flag(true),
  expander: matching(
    'random',
    /^(random|least-waste|most-pods|priority)$/,
    'one of random, least-waste, most-pods, priority',
  ),
  'ignore-daemonsets-utilization': flag(false),
  'max-empty-bulk-delete': matching('10', /^[1-9]\d*$/, 'a number greater than 0 such as "10"'),
  'max-graceful-termination-sec': whole('600'),
  'max-node-provision-time': minutes('15m'),
  'max-total-unready-percentage': matching('45', /^(\d{1,2}|100)$/, 'a percentage from "0" to "100"'),
  'new-pod-scale-up-delay': matching('0s', /^\d+[smh]$/, 'seconds, minutes or hours such as "10s"'),
  'ok-total-unready-count': whole('3'),
  'scale-down-delay-after-add': minutes('10m'),
  'scale-down-delay-after-delete': matching('10s', /^\d+[sm]$/, 'seconds or minutes such as "10s"'),
  'scale-down-delay-after-failure': minutes('3m'),
  'scale-down-unneeded-time': minutes('10m'),
  'scale-down-unready-time': minutes('20m'),
  'scale-down-utilization-threshold': matching('0.5', /^(0(\.\d+)?|1(\.0+)?)$/, 'a ratio from "0" to "1"'),
  // Chosen: an autoscaler that never rests is none that AKS would run.
  'scan-interval': matching('10s', /^0*[1-9]\d*s$/, 'whole seconds greater than 0 such as "10s"'),
  'skip-nodes-with-local-storage': truth('false'),
  'skip-nodes-with-system-pods': truth('true'),
};

/**
 * Checks the settings that were sent: one that the autoscaler would not be told is refused, not kept.
 *
 * @throws AzureError `InvalidParameter` naming the setting.
 */
export function checkAutoScalerProfile(profile: AutoScalerProfile | undefined): void {
  for (const [name, value] of Object.entries(profile ?? {})) {
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (!setting) {
      throw invalidCluster(
        `autoScalerProfile.${name}`,
        `there is no such setting. The settings are: ${Object.keys(settings).join(', ')}.`,
      );
    }
    if (!setting.accepts(value)) {
      throw invalidCluster(`autoScalerProfile.${name}`, `${JSON.stringify(value)} is not ${setting.wanted}.`);
    }
  }
}

/** The settings in force: those of the cluster over AKS's defaults. A delete delay that is not set is the scan interval. */
export function effectiveAutoScalerProfile(profile: AutoScalerProfile | undefined): AutoScalerProfile {
  const defaults = Object.fromEntries(
    Object.entries(settings).map(([name, { fallback }]) => [name, fallback]),
  );
  const scanInterval = profile?.['scan-interval'];
  if (scanInterval !== undefined) defaults['scale-down-delay-after-delete'] = scanInterval;
  return { ...defaults, ...profile };
}
