import type { Reader, Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { horizontalPodAutoscalers, targetTerm } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Next, Trigger } from '../controller.js';
import { syncInterval } from './history.js';
import { AutoscalerTurn } from './turn.js';

const { collection } = horizontalPodAutoscalers;

/**
 * Scales what autoscalers are for (Kubernetes: HorizontalPodAutoscaler). An autoscaler looks every 15 s; while nothing can
 * have changed but the time, it does not look at all.
 */
export class AutoscalerController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: 'every',
      keys: ({ cluster, before, after }, store) => {
        const object = after ?? before;
        if (!object || store.count(collection) === 0) return [];
        return autoscalersOf(store, cluster, object);
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, horizontalPodAutoscalers);
  }

  protected override readonly dueAt = (key: string): Instant => {
    const now = this.parts.clock.now();
    const object = this.parts.store.get(collection, key)?.object;
    return object ? nextSync(object, now) : now;
  };

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const now = this.parts.clock.now();
    const due = nextSync(entry.value.object, instant(now - 1));
    if (due > now) return due;
    const next = new AutoscalerTurn(this.parts, tx, entry).run();
    return next === undefined ? undefined : nextSync(entry.value.object, instant(next - 1));
  }
}

function autoscalersOf(reader: Reader, cluster: string, { kind, metadata }: KubeObject): readonly string[] {
  const term = targetTerm(cluster, metadata.namespace ?? '', kind, metadata.name);
  if (reader.count(collection, 'byTarget', term) === 0) return [];
  return reader.findEntries(collection, 'byTarget', term).map(({ key }) => key);
}

/** The next moment after `now` at which an autoscaler looks: every 15 s from when it was made. */
function nextSync({ metadata }: KubeObject, now: Instant): Instant {
  const made = Date.parse(metadata.creationTimestamp);
  return instant(made + (Math.floor((now - made) / syncInterval) + 1) * syncInterval);
}
