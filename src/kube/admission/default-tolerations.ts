import { pods } from '../kinds/index.js';
import type { Toleration } from '../kinds/index.js';
import type { AdmissionPlugin } from './plugin.js';

const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
/** How long a pod stays on a node that is not ready. */
const tolerationSeconds = 300;

/** Pods stay five minutes on nodes that fail, unless they say otherwise (Kubernetes: DefaultTolerationSeconds). */
export const defaultTolerations: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  kinds: [pods],
  operations: ['CREATE', 'UPDATE'],
  mutate: (request) => {
    if (request.operation === 'DELETE' || request.subresource !== undefined) return;
    const spec = request.draft['spec'] as { tolerations?: Toleration[] };
    const present = spec.tolerations ?? [];
    const tolerates = (key: string) =>
      present.some(
        (one) =>
          (one.key === key || one.key === undefined || one.key === '') &&
          (one.effect === 'NoExecute' || one.effect === undefined),
      );
    const added = keys
      .filter((key) => !tolerates(key))
      .map((key): Toleration => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }));
    if (added.length > 0) spec.tolerations = [...present, ...added];
  },
};
