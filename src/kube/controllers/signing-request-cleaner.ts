import type { Transaction, Versioned } from '../../store/index.js';
import { after, hours, instant } from '../../units/index.js';
import type { Duration, Instant } from '../../units/index.js';
import { deleteObject } from '../api/index.js';
import { hasCondition } from '../certificates/index.js';
import type { SigningRequest } from '../certificates/index.js';
import { certificateSigningRequests } from '../kinds/index.js';
import type { Stored } from '../object.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';

/** How long requests are kept (Kubernetes: the CSR cleaner). */
const keptDecided = hours(1);
const keptPending = hours(24);

/** Takes away requests for certificates that have been decided, or that nobody decides. */
export class SigningRequestCleaner extends Controller {
  protected readonly triggers: readonly Trigger[] = [];

  constructor(parts: ControllerParts) {
    super(parts, certificateSigningRequests);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Instant | undefined {
    const end = endOf(entry.value.object as SigningRequest);
    if (this.parts.clock.now() < end) return end;
    deleteObject(this.parts.context, tx, certificateSigningRequests, entry, { propagation: 'Background' });
    return undefined;
  }
}

function endOf(request: SigningRequest): Instant {
  const decided = ['Denied', 'Failed', 'Approved'].some((type) => hasCondition(request, type));
  const since = request.status?.conditions?.at(-1)?.lastUpdateTime;
  const from = decided && since !== undefined ? since : request.metadata.creationTimestamp;
  const kept: Duration = decided ? keptDecided : keptPending;
  return after(instant(Date.parse(from)), kept);
}
