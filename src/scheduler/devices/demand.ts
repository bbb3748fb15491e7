import { deviceExpression } from '../../kube/index.js';
import type { DeviceClass, DeviceSelector, ExactDeviceRequest, ResourceClaim } from '../../kube/index.js';
import type { PooledDevice } from './inventory.js';

/** Why it can't be told whether a device will do. */
export interface Fault {
  readonly fault: string;
}

/** One way to meet a request. */
export interface Alternative {
  /** `request`, or `request/alternative`. */
  readonly name: string;
  readonly count: number | 'all';
  readonly isAdmin: boolean;
  readonly deviceClass: DeviceClass;
  readonly accepts: (device: PooledDevice) => boolean | Fault;
}

/** What a claim asks for at one place: the first of its alternatives that can be had. */
export interface Request {
  readonly name: string;
  readonly alternatives: readonly Alternative[];
}

/** What a claim that has no devices asks for. */
export interface ClaimDemand {
  readonly claim: ResourceClaim;
  readonly requests: readonly Request[];
}

/** The classes of a cluster, by name. */
type Classes = (name: string) => DeviceClass | undefined;

/** What a claim asks for; a text where a class is missing or a request is of a kind that is not known. */
export function demandOf(claim: ResourceClaim, classes: Classes): ClaimDemand | string {
  const requests: Request[] = [];
  const { namespace = '', name } = claim.metadata;
  for (const request of claim.spec.devices?.requests ?? []) {
    const choices: readonly (readonly [string, ExactDeviceRequest])[] = request.exactly
      ? [[request.name, request.exactly]]
      : (request.firstAvailable ?? []).map((one) => [`${request.name}/${one.name}`, one]);
    if (choices.length === 0)
      return `resource claim ${namespace}/${name}, request ${request.name}: unknown request type`;
    const alternatives: Alternative[] = [];
    for (const [full, exactly] of choices) {
      const deviceClass = classes(exactly.deviceClassName);
      if (!deviceClass) return `request ${full}: device class ${exactly.deviceClassName} does not exist`;
      alternatives.push(alternativeOf(claim, full, exactly, deviceClass));
    }
    requests.push({ name: request.name, alternatives });
  }
  return { claim, requests };
}

function alternativeOf(
  { metadata }: ResourceClaim,
  name: string,
  { selectors = [], allocationMode, count = 1, adminAccess }: ExactDeviceRequest,
  deviceClass: DeviceClass,
): Alternative {
  const ofClass = acceptance(`class ${deviceClass.metadata.name}`, deviceClass.spec.selectors ?? []);
  const ofClaim = acceptance(`claim ${metadata.namespace ?? ''}/${metadata.name}`, selectors);
  return {
    name,
    count: allocationMode === 'All' ? 'all' : count,
    isAdmin: adminAccess === true,
    deviceClass,
    accepts: (device) => {
      const verdict = ofClass(device);
      return verdict === true ? ofClaim(device) : verdict;
    },
  };
}

/** A device has to satisfy all selectors. */
function acceptance(whose: string, selectors: readonly DeviceSelector[]): Alternative['accepts'] {
  const expressions = selectors.map(({ cel }) => cel && deviceExpression(cel.expression));
  return ({ driver, device }) => {
    for (const [at, expression] of expressions.entries()) {
      if (!expression) return { fault: `${whose}: CEL expression empty (unsupported selector type?)` };
      const verdict = expression.verdict(driver, device);
      if (typeof verdict === 'string') return { fault: `${whose}: selector #${String(at)}: ${verdict}` };
      if (!verdict) return false;
    }
    return true;
  };
}
