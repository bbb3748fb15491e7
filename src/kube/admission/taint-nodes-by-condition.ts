import { nodeKind } from '../kinds/index.js';
import { isSameTaint, notReadyTaint } from '../nodes/index.js';
import type { Taint } from '../nodes/index.js';
import { onCreate } from './plugin.js';

/** A new node takes no pods before it is known to be ready (Kubernetes: TaintNodesByCondition). */
export const taintNodesByCondition = onCreate('TaintNodesByCondition', [nodeKind], {
  mutate: ({ draft }) => {
    const spec = draft['spec'] as { taints?: Taint[] };
    const present = spec.taints ?? [];
    if (!present.some((taint) => isSameTaint(taint, notReadyTaint)))
      spec.taints = [...present, notReadyTaint];
  },
});
