import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { isTerminating, services } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Next, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import type { Service } from './service.js';

/** A service with when its load balancer was last begun with. */
interface BalancedService extends Stored {
  readonly balancing?: Instant;
}

const component = 'service-controller';
const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
const internalAnnotation = 'service.beta.kubernetes.io/azure-load-balancer-internal';
const addressAnnotation = 'service.beta.kubernetes.io/azure-load-balancer-ipv4';

/** What the cloud takes to set a load balancer up, in milliseconds (inferred: 8 to 15 s). */
const setUp = { least: 8000, most: 15_000 };

/** First octets of public addresses that Azure gives in its regions. */
const publicOctets = [4, 13, 20, 40, 51, 52, 74, 104];

/** Gives services of the type LoadBalancer an address from outside (cloud provider: service controller). */
export class LoadBalancerController extends Controller {
  protected readonly triggers: readonly Trigger[] = [];

  constructor(parts: ControllerParts) {
    super(parts, services);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const { object } = entry.value;
    const service = object as Service;
    const { type, loadBalancerClass } = service.spec;
    const isWanted = type === 'LoadBalancer' && loadBalancerClass === undefined && !isTerminating(service);
    const isHeld = service.metadata.finalizers?.includes(finalizer) === true;
    if (isWanted) return this.#ensure(tx, entry, service);
    if (isHeld) this.#remove(tx, entry, service);
    return undefined;
  }

  #ensure(tx: Transaction, entry: Versioned<BalancedService>, service: Service): Next {
    const now = this.parts.clock.now();
    const { finalizers = [] } = service.metadata;
    const wanted = this.#addressOf(tx, entry.value, service);
    const [present] = service.status?.loadBalancer?.ingress ?? [];
    if (present && this.#isAsWanted(service, present.ip ?? '', wanted)) return undefined;
    const begun = entry.value.balancing;
    if (begun === undefined || !finalizers.includes(finalizer)) {
      const held = finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer];
      const object: KubeObject = { ...service, metadata: { ...service.metadata, finalizers: held } };
      const balanced: BalancedService = { ...entry.value, object, balancing: now };
      tx.put(services.collection, entry.key, balanced);
      this.#tell(tx, entry.value.cluster, service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
      return instant(now + this.#duration(service));
    }
    const ends = instant(begun + this.#duration(service));
    if (now < ends) return ends;
    const { balancing: _balancing, ...stored } = entry.value;
    const status = { ...service.status, loadBalancer: { ingress: [{ ip: wanted, ipMode: 'VIP' }] } };
    tx.put(services.collection, entry.key, { ...stored, object: { ...service, status } as KubeObject });
    this.#tell(tx, entry.value.cluster, service, 'EnsuredLoadBalancer', 'Ensured load balancer');
    return undefined;
  }

  /** An address that was given stays, unless another one is asked for, or one of the other kind. */
  #isAsWanted(service: Service, present: string, wanted: string): boolean {
    if (askedAddress(service) !== undefined) return present === wanted;
    return isPrivate(present) === isInternal(service);
  }

  #remove(tx: Transaction, { key, value }: Versioned<Stored>, service: Service): void {
    const { cluster } = value;
    this.#tell(tx, cluster, service, 'DeletingLoadBalancer', 'Deleting load balancer');
    this.#tell(tx, cluster, service, 'DeletedLoadBalancer', 'Deleted load balancer');
    const { finalizers = [], ...metadata } = service.metadata;
    const left = finalizers.filter((one) => one !== finalizer);
    if (isTerminating(service) && left.length === 0) {
      tx.delete(services.collection, key);
      return;
    }
    const object = {
      ...service,
      metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) },
      status: { ...service.status, loadBalancer: {} },
    };
    const { balancing: _balancing, ...stored } = value as BalancedService;
    tx.put(services.collection, key, { ...stored, object });
  }

  #duration({ metadata }: Service): number {
    const random = this.parts.context.seed.stream('load-balancer-time', metadata.uid);
    return Math.round(random.between(setUp.least, setUp.most));
  }

  /** The address asked for, or one that nobody has: of the nodes' network for an internal one. */
  #addressOf(tx: Transaction, { cluster }: Stored, service: Service): string {
    const asked = askedAddress(service);
    if (asked !== undefined) return asked;
    const [given] = service.status?.loadBalancer?.ingress ?? [];
    if (given?.ip !== undefined && isPrivate(given.ip) === isInternal(service)) return given.ip;
    const random = this.parts.context.seed.stream('load-balancer-address', service.metadata.uid);
    for (;;) {
      const address = isInternal(service)
        ? `10.224.255.${String(4 + random.int(250))}`
        : [random.pick(publicOctets), random.int(256), random.int(256), 1 + random.int(254)].join('.');
      if (tx.count(services.collection, 'byIngress', `${cluster}|${address}`) === 0) return address;
    }
  }

  #tell(tx: Transaction, cluster: string, service: Service, reason: string, message: string): void {
    recordEvent(tx, this.parts.context, cluster, service, { type: 'Normal', reason, message, component });
  }
}

const isInternal = ({ metadata }: Service): boolean => metadata.annotations?.[internalAnnotation] === 'true';

const isPrivate = (address: string): boolean => /^10\./.test(address);

const askedAddress = ({ metadata, spec }: Service): string | undefined =>
  metadata.annotations?.[addressAnnotation] ?? spec.loadBalancerIP;
