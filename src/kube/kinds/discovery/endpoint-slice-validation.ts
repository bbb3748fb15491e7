import { ipFamilyOf, ipFault, specialIpFault } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { nameFault, qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly hints?: { readonly forZones?: readonly { readonly name?: string }[] };
}

interface EndpointPort {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

interface EndpointSlice extends KubeObject {
  readonly addressType?: string;
  readonly endpoints?: readonly Endpoint[];
  readonly ports?: readonly EndpointPort[];
}

const most = { endpoints: 1000, addresses: 100, ports: 20_000, zones: 8 };

/** Everything wrong with a slice of endpoints (discovery validation: ValidateEndpointSlice). */
export const endpointSliceErrors = validation<EndpointSlice>((faults, slice, before) => {
  const { addressType = '', endpoints = [], ports = [] } = slice;
  faults.requiredOneOf('addressType', addressType, ['FQDN', 'IPv4', 'IPv6']);
  if (endpoints.length > most.endpoints) faults.tooMany('endpoints', endpoints.length, most.endpoints);
  else {
    for (const [index, endpoint] of endpoints.entries())
      checkEndpoint(faults, `endpoints[${String(index)}]`, endpoint, addressType);
  }
  if (ports.length > most.ports) faults.tooMany('ports', ports.length, most.ports);
  else checkPorts(faults, ports);
  if (before) faults.immutable('addressType', addressType, addressType === before.addressType);
});

function checkEndpoint(faults: Faults, at: string, endpoint: Endpoint, addressType: string): void {
  const { addresses = [], hostname, nodeName, hints } = endpoint;
  if (addresses.length === 0) faults.required(`${at}.addresses`, 'must contain at least 1 address');
  if (addresses.length > most.addresses) faults.tooMany(`${at}.addresses`, addresses.length, most.addresses);
  for (const [index, address] of addresses.entries()) {
    const place = `${at}.addresses[${String(index)}]`;
    if (addressType === 'FQDN') faults.invalid(place, address, nameFault('subdomain', address));
    else if (addressType === 'IPv4' || addressType === 'IPv6') {
      const family = ipFamilyOf(address);
      if (family === undefined) faults.invalid(place, address, ipFault(address));
      else if (family !== addressType)
        faults.invalid(`${at}.addresses`, address, `must be an ${addressType} address`);
      if (family !== undefined) faults.invalid(place, address, specialIpFault(address));
    }
  }
  if (nodeName !== undefined) faults.invalid(`${at}.nodeName`, nodeName, nameFault('subdomain', nodeName));
  if (hostname !== undefined) faults.invalid(`${at}.hostname`, hostname, nameFault('label', hostname));
  const zones = hints?.forZones ?? [];
  if (zones.length > most.zones) faults.tooMany(`${at}.hints.forZones`, zones.length, most.zones);
  for (const [index, { name }] of zones.entries()) {
    if (!name) faults.required(`${at}.hints.forZones[${String(index)}].name`);
  }
}

function checkPorts(faults: Faults, ports: readonly EndpointPort[]): void {
  const names = new Set<string>();
  for (const [index, { name = '', protocol, appProtocol }] of ports.entries()) {
    const at = `ports[${String(index)}]`;
    if (name !== '') faults.invalid(`${at}.name`, name, nameFault('label', name));
    if (names.has(name)) faults.duplicate(`${at}.name`, name);
    names.add(name);
    faults.requiredOneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
    if (appProtocol !== undefined)
      faults.invalid(`${at}.appProtocol`, appProtocol, qualifiedNameFaults(appProtocol));
  }
}
