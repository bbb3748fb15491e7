import type { Transaction, Versioned } from '../../../store/index.js';
import { isWithin } from '../../api/formats.js';
import { withCondition } from '../../conditions.js';
import type { Condition } from '../../conditions.js';
import {
  defaultServiceCidr,
  ipAddresses,
  isTerminating,
  serviceCidrProtection,
  serviceCidrs,
} from '../../kinds/index.js';
import type { ServiceCidr } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { releaseFinalizer } from '../finalizers.js';
import { putStatus } from '../owned.js';

/** Says that blocks of addresses can be used, and keeps them as long as they are (Kubernetes: service CIDRs controller). */
export class ServiceCidrController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: ipAddresses,
      // Only what goes can set a block free.
      keys: ({ cluster, after }, store) =>
        after ? [] : store.findEntries(serviceCidrs.collection, 'byCluster', cluster).map(({ key }) => key),
    },
    {
      type: serviceCidrs,
      keys: ({ cluster }, store) =>
        store.findEntries(serviceCidrs.collection, 'byCluster', cluster).map(({ key }) => key),
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, serviceCidrs);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): undefined {
    const { key, value } = entry;
    const object = value.object as ServiceCidr;
    if (isTerminating(object)) {
      if (!isUsed(tx, value.cluster, object))
        releaseFinalizer(tx, serviceCidrs, entry, serviceCidrProtection);
      else this.#tell(tx, entry, inUse);
      return undefined;
    }
    const { finalizers = [], ...metadata } = object.metadata;
    const kept = finalizers.includes(serviceCidrProtection)
      ? object
      : { ...object, metadata: { ...metadata, finalizers: [...finalizers, serviceCidrProtection] } };
    if (kept !== object) tx.put(serviceCidrs.collection, key, { ...value, object: kept });
    const which = metadata.name === defaultServiceCidr.name ? 'default Service CIDR' : 'Service CIDR';
    const message = `Kubernetes ${which} is ready`;
    this.#tell(tx, { ...entry, value: { ...value, object: kept } }, { status: 'True', reason: '', message });
    return undefined;
  }

  #tell(
    tx: Transaction,
    entry: Versioned<Stored>,
    state: Omit<Condition, 'type' | 'lastTransitionTime'>,
  ): void {
    const { conditions = [] } = (entry.value.object as ServiceCidr).status ?? {};
    const condition = { type: 'Ready', ...state };
    putStatus(tx, serviceCidrs, entry, {
      conditions: withCondition(conditions, condition, this.parts.clock.now()),
    });
  }
}

const inUse = {
  status: 'False',
  reason: 'Terminating',
  message:
    'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
} as const;

/** Whether an address of the block is taken that no other block has. */
function isUsed(tx: Transaction, cluster: string, block: ServiceCidr): boolean {
  const others = tx
    .find(serviceCidrs.collection, 'byCluster', cluster)
    .map(({ object }) => object as ServiceCidr)
    .filter((one) => one.metadata.uid !== block.metadata.uid && !isTerminating(one));
  const isIn = (ip: string) => (one: KubeObject) =>
    ((one as ServiceCidr).spec?.cidrs ?? []).some((cidr) => isWithin(cidr, ip));
  return tx
    .find(ipAddresses.collection, 'byCluster', cluster)
    .some(({ object: { metadata } }) => isIn(metadata.name)(block) && !others.some(isIn(metadata.name)));
}
