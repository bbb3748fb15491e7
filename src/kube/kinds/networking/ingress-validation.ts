import { ipFamilyOf, portNameFaults, portNumberFault, wildcardHostFault } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { checkName, nameFault } from '../../api/names.js';
import type { KubeObject } from '../../object.js';

interface Backend {
  readonly service?: {
    readonly name?: string;
    readonly port?: { readonly name?: string; readonly number?: number };
  };
  readonly resource?: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string };
}

interface IngressPath {
  readonly path?: string;
  readonly pathType?: string;
  readonly backend?: Backend;
}

interface Ingress extends KubeObject {
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: Backend;
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly IngressPath[] };
    }[];
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
  };
}

const classAnnotation = 'kubernetes.io/ingress.class';

/** Everything wrong with an ingress, new or changed (networking validation: ValidateIngressCreate). */
export const ingressErrors = validation<Ingress>((faults, { metadata, spec = {} }, before) => {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && !defaultBackend)
    faults.invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified');
  if (defaultBackend) checkBackend(faults, 'spec.defaultBackend', defaultBackend);
  for (const [index, { host = '', http }] of rules.entries()) {
    const at = `spec.rules[${String(index)}]`;
    checkHost(faults, `${at}.host`, host);
    if (!http) continue;
    const { paths = [] } = http;
    if (paths.length === 0) faults.required(`${at}.http.paths`);
    for (const [number, path] of paths.entries())
      checkPath(faults, `${at}.http.paths[${String(number)}]`, path);
  }
  for (const [index, { hosts = [], secretName }] of tls.entries()) {
    const at = `spec.tls[${String(index)}]`;
    for (const [number, host] of hosts.entries()) {
      const fault = host.includes('*') ? wildcardHostFault(host) : nameFault('subdomain', host);
      faults.invalid(`${at}.hosts[${String(number)}]`, host, fault);
    }
    if (secretName) faults.invalid(`${at}.secretName`, secretName, nameFault('subdomain', secretName));
  }
  if (ingressClassName !== undefined)
    faults.invalid('spec.ingressClassName', ingressClassName, nameFault('subdomain', ingressClassName));
  const annotated = metadata.annotations?.[classAnnotation];
  if (before || annotated === undefined || ingressClassName === undefined || annotated === ingressClassName)
    return;
  const text = 'must match `ingressClassName` when both are specified';
  faults.invalid(`annotations.${classAnnotation}`, annotated, text);
});

function checkHost(faults: Faults, at: string, host: string): void {
  if (host === '') return;
  if (ipFamilyOf(host) !== undefined) faults.invalid(at, host, 'must be a DNS name, not an IP address');
  faults.invalid(at, host, host.includes('*') ? wildcardHostFault(host) : nameFault('subdomain', host));
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badEnds = ['/..', '/.'];

function checkPath(faults: Faults, at: string, { path = '', pathType, backend = {} }: IngressPath): void {
  if (pathType === undefined) {
    faults.required(`${at}.pathType`, 'pathType must be specified');
    return;
  }
  faults.oneOf(`${at}.pathType`, pathType, pathTypes);
  const isExact = pathType === 'Exact' || pathType === 'Prefix';
  if (!path.startsWith('/') && (isExact || (path !== '' && pathType === 'ImplementationSpecific')))
    faults.invalid(`${at}.path`, path, 'must be an absolute path');
  if (isExact) {
    for (const sequence of badSequences) {
      if (path.includes(sequence)) faults.invalid(`${at}.path`, path, `must not contain '${sequence}'`);
    }
    for (const end of badEnds) {
      if (path.endsWith(end)) faults.invalid(`${at}.path`, path, `cannot end with '${end}'`);
    }
  }
  checkBackend(faults, `${at}.backend`, backend);
}

function checkBackend(faults: Faults, at: string, { service, resource }: Backend): void {
  if (service && resource) faults.invalid(at, '', 'cannot set both resource and service backends');
  else if (resource) {
    if (resource.apiGroup !== undefined) {
      const { apiGroup } = resource;
      faults.invalid(`${at}.resource.apiGroup`, apiGroup, nameFault('subdomain', apiGroup));
    }
    checkName(faults, `${at}.resource.kind`, 'pathSegment', resource.kind);
    checkName(faults, `${at}.resource.name`, 'pathSegment', resource.name);
  } else if (service) {
    checkName(faults, `${at}.service.name`, 'dns1035', service.name);
    const { name = '', number = 0 } = service.port ?? {};
    if (name !== '' && number !== 0) faults.invalid(at, '', 'cannot set both port name & port number');
    else if (name !== '') faults.invalid(`${at}.service.port.name`, name, portNameFaults(name));
    else if (number !== 0) faults.invalid(`${at}.service.port.number`, number, portNumberFault(number));
    else faults.required(at, 'port name or number is required');
  } else faults.invalid(at, '', 'resource or service backend is required');
}

/** An ingress's class by annotation is the old way. */
export const ingressWarnings = ({ metadata }: KubeObject): readonly string[] =>
  metadata.annotations?.[classAnnotation] === undefined
    ? []
    : [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`];
