import { countRules } from './counts.js';
import { diskRules } from './disks.js';
import { gpuRules } from './gpu.js';
import { labelRules } from './labels.js';
import { maxPodsRules } from './max-pods.js';
import { modeRules } from './modes.js';
import { networkRules } from './network.js';
import { nodeConfigRules } from './node-config.js';
import { operatingSystemRules } from './operating-system.js';
import { placementRules } from './placement.js';
import { notModelledRules, poolTypeRules } from './pool-type.js';
import type { PoolRule } from './rule.js';
import { sizeRules } from './sizes.js';
import { spotRules } from './spot.js';
import { tagRules } from './tags.js';
import { taintRules } from './taints.js';
import { upgradeSettingsRules } from './upgrade-settings.js';
import { zoneRules } from './zones.js';

/** Every rule of an agent pool, in the order in which the first broken one is answered. */
export const poolRules: readonly PoolRule[] = [
  ...modeRules,
  ...sizeRules,
  ...spotRules,
  ...countRules,
  ...operatingSystemRules,
  ...gpuRules,
  ...zoneRules,
  ...maxPodsRules,
  ...diskRules,
  ...placementRules,
  ...networkRules,
  ...labelRules,
  ...taintRules,
  ...tagRules,
  ...upgradeSettingsRules,
  ...nodeConfigRules,
  ...poolTypeRules,
  ...notModelledRules,
];
