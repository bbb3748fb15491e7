import type { Transaction, Versioned } from '../../../store/index.js';
import { insertObject } from '../../api/index.js';
import { ipFamilyOf } from '../../api/formats.js';
import {
  defaultServiceCidr,
  ipAddresses,
  managedByLabel,
  serviceCidrs,
  services,
} from '../../kinds/index.js';
import type { IpAddress, Service } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Seen, Trigger } from '../controller.js';

const allocator = 'ipallocator.k8s.io';

/** The addresses that a service has in the cluster. */
const addressesOf = (service: KubeObject | undefined): readonly string[] =>
  ((service as Service | undefined)?.spec?.clusterIPs ?? []).filter((ip) => ip !== 'None' && ip !== '');

const isAllocated = ({ metadata }: KubeObject): boolean => metadata.labels?.[managedByLabel] === allocator;

/** The service that an address is of, by its key. */
function parentKey(cluster: string, address: KubeObject): string | undefined {
  const { group = '', resource, namespace, name } = (address as IpAddress).spec?.parentRef ?? {};
  return group === '' && resource === 'services' && name !== undefined
    ? objectKey(cluster, namespace, name)
    : undefined;
}

const isApiServer = ({ namespace, name }: KubeObject['metadata']): boolean =>
  namespace === 'default' && name === 'kubernetes';

/**
 * Keeps an IPAddress for each address of a service, and the block that a cluster's services take theirs from (Kubernetes:
 * cluster IP allocators, default ServiceCIDR controller).
 */
export class ServiceAddressController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: ipAddresses,
      keys: ({ cluster, before, after }) => (after || !before ? [] : given(parentKey(cluster, before))),
    },
    {
      type: serviceCidrs,
      keys: ({ cluster, after }) => (after ? [] : [objectKey(cluster, 'default', 'kubernetes')]),
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, services);
  }

  protected reconcile(tx: Transaction, { value: { cluster, object } }: Versioned<Stored>): undefined {
    const { context } = this.parts;
    const { namespace, name } = object.metadata;
    for (const ip of addressesOf(object)) {
      if (tx.get(ipAddresses.collection, objectKey(cluster, undefined, ip))) continue;
      const labels = {
        'ipaddress.kubernetes.io/ip-family': ipFamilyOf(ip) ?? 'IPv4',
        [managedByLabel]: allocator,
      };
      const parentRef = { resource: 'services', namespace, name };
      insertObject(
        context,
        tx,
        ipAddresses,
        { cluster },
        { metadata: { name: ip, labels }, spec: { parentRef } },
      );
    }
    const block = objectKey(cluster, undefined, defaultServiceCidr.name);
    if (isApiServer(object.metadata) && !tx.get(serviceCidrs.collection, block)) {
      const draft = {
        metadata: { name: defaultServiceCidr.name },
        spec: { cidrs: [defaultServiceCidr.cidr] },
      };
      insertObject(context, tx, serviceCidrs, { cluster }, draft);
    }
    return undefined;
  }
}

/** Lets go of addresses whose service is gone, or has others (Kubernetes: cluster IP allocators). */
export class ServiceAddressRelease extends Controller {
  protected readonly triggers: readonly Trigger[] = [{ type: services, keys: lostAddresses }];
  protected override readonly concerns = isAllocated;

  constructor(parts: ControllerParts) {
    super(parts, ipAddresses);
  }

  protected reconcile(tx: Transaction, { key, value: { cluster, object } }: Versioned<Stored>): undefined {
    const parent = parentKey(cluster, object);
    const service = parent === undefined ? undefined : tx.get(services.collection, parent)?.object;
    if (isAllocated(object) && !addressesOf(service).includes(object.metadata.name))
      tx.delete(ipAddresses.collection, key);
    return undefined;
  }
}

/** The addresses that a changed service has no longer. */
function lostAddresses({ cluster, before, after }: Seen): readonly string[] {
  const left = addressesOf(after);
  return addressesOf(before)
    .filter((ip) => !left.includes(ip))
    .map((ip) => objectKey(cluster, undefined, ip));
}

const given = (key: string | undefined): readonly string[] => (key === undefined ? [] : [key]);
