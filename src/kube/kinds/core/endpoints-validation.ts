import { ipFault, portNumberFault, specialIpFault } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { nameFault, qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';

interface Address {
  readonly ip?: string;
  readonly hostname?: string;
  readonly nodeName?: string;
}

interface Port {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

interface Endpoints extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly Address[];
    readonly notReadyAddresses?: readonly Address[];
    readonly ports?: readonly Port[];
  }[];
}

/** Everything wrong with endpoints (core validation: ValidateEndpoints). */
export const endpointsErrors = validation<Endpoints>((faults, { subsets = [] }) => {
  for (const [index, subset] of subsets.entries()) {
    const at = `subsets[${String(index)}]`;
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    if (addresses.length === 0 && notReadyAddresses.length === 0)
      faults.required(at, 'must specify `addresses` or `notReadyAddresses`');
    for (const list of ['addresses', 'notReadyAddresses'] as const) {
      for (const [number, address] of (subset[list] ?? []).entries())
        checkAddress(faults, `${at}.${list}[${String(number)}]`, address);
    }
    for (const [number, port] of ports.entries())
      checkPort(faults, `${at}.ports[${String(number)}]`, port, ports.length > 1);
  }
});

function checkAddress(faults: Faults, at: string, { ip = '', hostname, nodeName }: Address): void {
  faults.invalid(`${at}.ip`, ip, ipFault(ip));
  if (hostname) faults.invalid(`${at}.hostname`, hostname, nameFault('label', hostname));
  if (nodeName !== undefined) faults.invalid(`${at}.nodeName`, nodeName, nameFault('subdomain', nodeName));
  faults.invalid(`${at}.ip`, ip, specialIpFault(ip));
}

function checkPort(faults: Faults, at: string, port: Port, isOneOfSeveral: boolean): void {
  const { name = '', port: number = 0, protocol, appProtocol } = port;
  if (name !== '') faults.invalid(`${at}.name`, name, nameFault('label', name));
  else if (isOneOfSeveral) faults.required(`${at}.name`);
  faults.invalid(`${at}.port`, number, portNumberFault(number));
  faults.requiredOneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
  if (appProtocol !== undefined)
    faults.invalid(`${at}.appProtocol`, appProtocol, qualifiedNameFaults(appProtocol));
}
