import type { Container, PodSpec } from '../../kinds/index.js';
import { isObject } from '../../object.js';

/** How much pods of a namespace may do (Kubernetes: Pod Security Standards). */
export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** A rule of a standard: what of a pod is against it, as the API server tells it; undefined when nothing is. */
export interface Control {
  readonly name: string;
  readonly level: Exclude<Level, 'privileged'>;
  /** The control of the baseline that this one is a stricter form of. */
  readonly instead?: string;
  readonly check: (spec: PodSpec) => Violation | undefined;
}

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

const containersOf = (spec: PodSpec): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...(spec.ephemeralContainers ?? []),
];

/** `container "a"`, or `containers "a", "b"`. */
const named = (containers: readonly Container[]): string =>
  `container${containers.length === 1 ? '' : 's'} ${quoted(containers.map(({ name }) => name))}`;

/** A rule that each container meets or not. */
const eachContainer =
  (reason: string, isBad: (container: Container, spec: PodSpec) => boolean, what: string) =>
  (spec: PodSpec): Violation | undefined => {
    const bad = containersOf(spec).filter((container) => isBad(container, spec));
    return bad.length === 0 ? undefined : { reason, detail: `${named(bad)} ${what}` };
  };

/** A rule on what the pod or its containers must not set. */
const neitherSets =
  (reason: string, isBad: (security: unknown) => boolean, what: (bad: readonly unknown[]) => string) =>
  (spec: PodSpec): Violation | undefined => {
    const bad = containersOf(spec).filter(({ securityContext }) => isBad(securityContext));
    const isPodBad = isBad(spec.securityContext);
    if (!isPodBad && bad.length === 0) return undefined;
    const setters = [...(isPodBad ? ['pod'] : []), ...(bad.length > 0 ? [named(bad)] : [])];
    const values = [...(isPodBad ? [spec.securityContext] : []), ...bad.map((one) => one.securityContext)];
    return { reason, detail: `${setters.join(' and ')} ${what(values)}` };
  };

const member = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value);

const textAt = (value: unknown, ...path: readonly string[]): string => {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : '';
};

const isWindows = ({ os }: PodSpec): boolean => os?.name === 'windows';

const baselineCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  ...'ip_local_port_range ip_local_reserved_ports ip_unprivileged_port_start ping_group_range tcp_fin_timeout tcp_keepalive_intvl tcp_keepalive_probes tcp_keepalive_time tcp_syncookies'
    .split(' ')
    .map((name) => `net.ipv4.${name}`),
]);
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const restrictedVolumes = new Set(
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);

const addedBeyond = (allowed: ReadonlySet<string>, { securityContext }: Container): readonly string[] =>
  (securityContext?.capabilities?.add ?? []).filter((capability) => !allowed.has(capability));

function capabilityDetail(allowed: ReadonlySet<string>, spec: PodSpec): string | undefined {
  const bad = containersOf(spec).filter((container) => addedBeyond(allowed, container).length > 0);
  if (bad.length === 0) return undefined;
  const added = unique(bad.flatMap((container) => addedBeyond(allowed, container)));
  return `${named(bad)} must not include ${quoted(added)} in securityContext.capabilities.add`;
}

const hasForbiddenSeLinux = (security: unknown): boolean =>
  !seLinuxTypes.includes(textAt(security, 'seLinuxOptions', 'type')) ||
  ['user', 'role'].some((name) => textAt(security, 'seLinuxOptions', name) !== '');

function seLinuxText(bad: readonly unknown[]): string {
  const types = unique(
    bad.map((one) => textAt(one, 'seLinuxOptions', 'type')).filter((type) => !seLinuxTypes.includes(type)),
  );
  const may = ['user', 'role'].filter((name) =>
    bad.some((one) => textAt(one, 'seLinuxOptions', name) !== ''),
  );
  const parts = [
    ...(types.length > 0 ? [`type${types.length === 1 ? '' : 's'} ${quoted(types)}`] : []),
    ...may.map((name) => `${name} may not be set`),
  ];
  return `set forbidden securityContext.seLinuxOptions: ${parts.join('; ')}`;
}

const runsAsNonRoot = (value: unknown): unknown => member(value, 'runAsNonRoot');

const controls: readonly Control[] = [
  {
    name: 'appArmorProfile',
    level: 'baseline',
    check: neitherSets(
      'forbidden AppArmor profile',
      (security) => textAt(security, 'appArmorProfile', 'type') === 'Unconfined',
      () => 'must not set AppArmor profile type to "Unconfined"',
    ),
  },
  {
    name: 'capabilities',
    level: 'baseline',
    check: (spec) => {
      const detail = capabilityDetail(baselineCapabilities, spec);
      return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
    },
  },
  {
    name: 'hostNamespaces',
    level: 'baseline',
    check: (spec) => {
      const used = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => member(spec, name) === true);
      const detail = used.map((name) => `${name}=true`).join(', ');
      return used.length === 0 ? undefined : { reason: 'host namespaces', detail };
    },
  },
  {
    name: 'hostPathVolumes',
    level: 'baseline',
    check: ({ volumes = [] }) => {
      const bad = volumes
        .filter((volume) => member(volume, 'hostPath') !== undefined)
        .map(({ name = '' }) => name);
      const detail = `volume${bad.length === 1 ? '' : 's'} ${quoted(bad)}`;
      return bad.length === 0 ? undefined : { reason: 'hostPath volumes', detail };
    },
  },
  {
    name: 'hostPorts',
    level: 'baseline',
    check: (spec) => {
      const portsOf = ({ ports = [] }: Container) =>
        ports.flatMap(({ hostPort }) => (hostPort ? [hostPort] : []));
      const bad = containersOf(spec).filter((container) => portsOf(container).length > 0);
      if (bad.length === 0) return undefined;
      const ports = [...new Set(bad.flatMap(portsOf))].sort((a, b) => a - b);
      const uses = bad.length === 1 ? 'uses' : 'use';
      const detail = `${named(bad)} ${uses} hostPort${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`;
      return { reason: 'hostPort', detail };
    },
  },
  {
    name: 'privileged',
    level: 'baseline',
    check: eachContainer(
      'privileged',
      ({ securityContext }) => securityContext?.privileged === true,
      'must not set securityContext.privileged=true',
    ),
  },
  {
    name: 'procMount',
    level: 'baseline',
    check: eachContainer(
      'procMount',
      ({ securityContext }) => securityContext?.procMount === 'Unmasked',
      'must not set securityContext.procMount to "Unmasked"',
    ),
  },
  {
    name: 'seLinuxOptions',
    level: 'baseline',
    check: neitherSets('seLinuxOptions', hasForbiddenSeLinux, seLinuxText),
  },
  {
    name: 'seccompProfile',
    level: 'baseline',
    check: neitherSets(
      'seccompProfile',
      (security) => textAt(security, 'seccompProfile', 'type') === 'Unconfined',
      () => 'must not set securityContext.seccompProfile.type to "Unconfined"',
    ),
  },
  {
    name: 'sysctls',
    level: 'baseline',
    check: ({ securityContext }) => {
      const names = (securityContext?.sysctls ?? []).map(({ name = '' }) => name);
      const bad = names.filter((name) => !safeSysctls.has(name));
      return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
    },
  },
  {
    name: 'windowsHostProcess',
    level: 'baseline',
    check: neitherSets(
      'hostProcess',
      (security) => member(security, 'windowsOptions', 'hostProcess') === true,
      () => 'must not set securityContext.windowsOptions.hostProcess=true',
    ),
  },
  {
    name: 'allowPrivilegeEscalation',
    level: 'restricted',
    check: eachContainer(
      'allowPrivilegeEscalation != false',
      ({ securityContext }, spec) => !isWindows(spec) && securityContext?.allowPrivilegeEscalation !== false,
      'must set securityContext.allowPrivilegeEscalation=false',
    ),
  },
  {
    name: 'restrictedCapabilities',
    level: 'restricted',
    instead: 'capabilities',
    check: (spec) => {
      if (isWindows(spec)) return undefined;
      const keeps = ({ securityContext }: Container) =>
        !(securityContext?.capabilities?.drop ?? []).includes('ALL');
      const kept = containersOf(spec).filter(keeps);
      const added = capabilityDetail(new Set(['NET_BIND_SERVICE']), spec);
      const details = [
        ...(kept.length > 0 ? [`${named(kept)} must set securityContext.capabilities.drop=["ALL"]`] : []),
        ...(added === undefined ? [] : [added]),
      ];
      return details.length === 0
        ? undefined
        : { reason: 'unrestricted capabilities', detail: details.join('; ') };
    },
  },
  {
    name: 'restrictedVolumes',
    level: 'restricted',
    instead: 'hostPathVolumes',
    check: ({ volumes = [] }) => {
      const typeOf = (volume: object) => Object.keys(volume).find((name) => name !== 'name') ?? 'emptyDir';
      const bad = volumes.filter((volume) => !restrictedVolumes.has(typeOf(volume)));
      if (bad.length === 0) return undefined;
      const types = unique(bad.map(typeOf));
      const one = bad.length === 1;
      const what = `${one ? 'uses' : 'use'} restricted volume type${types.length === 1 ? '' : 's'} ${quoted(types)}`;
      const detail = `volume${one ? '' : 's'} ${quoted(bad.map(({ name = '' }) => name))} ${what}`;
      return { reason: 'restricted volume types', detail };
    },
  },
  {
    name: 'runAsNonRoot',
    level: 'restricted',
    check: (spec) => {
      const reason = 'runAsNonRoot != true';
      const ofPod = runsAsNonRoot(spec.securityContext);
      const explicit = containersOf(spec).filter((one) => runsAsNonRoot(one.securityContext) === false);
      if (explicit.length > 0) {
        const detail = `${named(explicit)} must not set securityContext.runAsNonRoot=false`;
        return { reason, detail };
      }
      if (ofPod === true) return undefined;
      const silent = containersOf(spec).filter((one) => runsAsNonRoot(one.securityContext) !== true);
      if (silent.length === 0) return undefined;
      if (ofPod === false) return { reason, detail: 'pod must not set securityContext.runAsNonRoot=false' };
      return { reason, detail: `pod or ${named(silent)} must set securityContext.runAsNonRoot=true` };
    },
  },
  {
    name: 'runAsUser',
    level: 'restricted',
    check: neitherSets(
      'runAsUser=0',
      (security) => member(security, 'runAsUser') === 0,
      () => 'must not set runAsUser=0',
    ),
  },
  {
    name: 'restrictedSeccompProfile',
    level: 'restricted',
    instead: 'seccompProfile',
    check: (spec) => {
      if (isWindows(spec)) return undefined;
      const reason = 'seccompProfile';
      const allowed = ['RuntimeDefault', 'Localhost'];
      const typeOf = (security: unknown) => textAt(security, 'seccompProfile', 'type');
      const wanted = 'securityContext.seccompProfile.type to';
      const wrong = containersOf(spec).filter(({ securityContext }) => {
        const type = typeOf(securityContext);
        return type !== '' && !allowed.includes(type);
      });
      if (wrong.length > 0) {
        const types = unique(wrong.map(({ securityContext }) => typeOf(securityContext)));
        return { reason, detail: `${named(wrong)} must not set ${wanted} ${quoted(types)}` };
      }
      const ofPod = typeOf(spec.securityContext);
      if (allowed.includes(ofPod)) return undefined;
      const silent = containersOf(spec).filter(({ securityContext }) => typeOf(securityContext) === '');
      if (silent.length === 0) return undefined;
      if (ofPod !== '') return { reason, detail: `pod must not set ${wanted} ${quoted([ofPod])}` };
      return { reason, detail: `pod or ${named(silent)} must set ${wanted} "RuntimeDefault" or "Localhost"` };
    },
  },
];

/** Controls of a level, those of the baseline first, without those that it has in a stricter form. */
const controlsOf = (level: Level): readonly Control[] => {
  if (level === 'privileged') return [];
  if (level === 'baseline') return controls.filter((control) => control.level === 'baseline');
  const replaced = new Set(controls.map(({ instead }) => instead));
  return controls.filter(({ name }) => !replaced.has(name));
};

const byLevel: Readonly<Record<Level, readonly Control[]>> = {
  privileged: controlsOf('privileged'),
  baseline: controlsOf('baseline'),
  restricted: controlsOf('restricted'),
};

/** All that is against a level, e.g. `privileged (container "c" must not ...)`; empty when nothing is. */
export const violationsText = (level: Level, spec: PodSpec): string =>
  byLevel[level]
    .flatMap(({ check }) => check(spec) ?? [])
    .map(({ reason, detail }) => `${reason} (${detail})`)
    .join(', ');
