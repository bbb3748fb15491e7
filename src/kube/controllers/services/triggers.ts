import { services } from '../../kinds/index.js';
import type { Labels } from '../../selectors/index.js';
import { mayBeSelecting } from '../../selectors/index.js';
import type { Seen, Trigger } from '../controller.js';

/** The services that a changed pod is behind, or was. */
export const byService: Trigger['keys'] = (seen, store) => {
  const keys = new Set<string>();
  for (const labels of labelsOf(seen)) {
    const place = { cluster: seen.cluster, namespace: (seen.after ?? seen.before)?.metadata.namespace ?? '' };
    for (const { key, value } of mayBeSelecting(store, services, place, labels)) {
      const { selector = {} } = (value.object as { spec?: { selector?: Labels } }).spec ?? {};
      if (Object.entries(selector).every(([name, wanted]) => labels[name] === wanted)) keys.add(key);
    }
  }
  return [...keys];
};

/** The labels that a changed object has and had. */
function labelsOf({ before, after }: Seen): readonly Labels[] {
  const was = before?.metadata.labels;
  const is = after?.metadata.labels;
  if (was === is) return is ? [is] : [];
  return [...(was ? [was] : []), ...(is ? [is] : [])];
}
