import type { AzureError } from '../../azure/index.js';
import type { ManagedClusterInput, NetworkProfile, UnknownMembers } from '../model.js';
import { invalidCluster, notModelled, refusal } from '../refusal.js';
import { formatIpv4Address, overlaps, parseIpv4Address, parseIpv4Range } from '../../units/index.js';
import type { Ipv4Range } from '../../units/index.js';

const defaultPodCidr = '10.244.0.0/16';
const defaultServiceCidr = '10.0.0.0/16';

/** Ranges no cluster may use (AKS: network concepts). */
const forbidden = ['169.254.0.0/16', '172.30.0.0/16', '172.31.0.0/16', '192.0.2.0/24'];

type Profile = NetworkProfile & UnknownMembers;

const member = (name: keyof NetworkProfile): string => `networkProfile.${name}`;

/** Azure CNI overlay where nothing is asked for; a pod subnet asks for flat Azure CNI. */
function pluginOf(
  sent: Profile,
  withPodSubnet: boolean,
): Pick<NetworkProfile, 'networkPlugin' | 'networkPluginMode'> {
  if (sent.networkPlugin === undefined && !withPodSubnet) {
    return { networkPlugin: 'azure', networkPluginMode: 'overlay' };
  }
  const mode = sent.networkPluginMode;
  return {
    networkPlugin: sent.networkPlugin ?? 'azure',
    ...(mode !== undefined && { networkPluginMode: mode }),
  };
}

/** The tenth address of the service range, as in the default 10.0.0.10. */
function defaultDnsServiceIp(serviceCidr: string): string {
  const range = parseIpv4Range(serviceCidr);
  return range ? formatIpv4Address(range.first + 10) : '';
}

/**
 * A new cluster's network profile: what was sent, with AKS's defaults, checked.
 *
 * @throws AzureError `InvalidParameter` naming the member.
 */
export function resolveNetworkProfile(input: ManagedClusterInput): Profile {
  const sent: Profile = input.properties.networkProfile ?? {};
  const withPodSubnet = input.pools?.some((pool) => pool.input.properties.podSubnetID !== undefined) ?? false;
  const plugin = pluginOf(sent, withPodSubnet);
  const hasPodCidr = plugin.networkPlugin === 'kubenet' || plugin.networkPluginMode === 'overlay';
  const podCidr = sent.podCidr ?? sent.podCidrs?.[0] ?? (hasPodCidr ? defaultPodCidr : undefined);
  const serviceCidr = sent.serviceCidr ?? sent.serviceCidrs?.[0] ?? defaultServiceCidr;
  const loadBalancerSku = sent.loadBalancerSku?.toLowerCase() === 'basic' ? 'basic' : 'standard';
  const outboundType = sent.outboundType ?? 'loadBalancer';
  const profile: Profile = {
    ...sent,
    ...plugin,
    ...(plugin.networkPlugin === 'azure' && {
      networkPolicy: sent.networkPolicy ?? 'none',
      networkDataplane: sent.networkDataplane ?? 'azure',
    }),
    loadBalancerSku,
    ...(loadBalancerSku === 'standard' &&
      outboundType === 'loadBalancer' && {
        loadBalancerProfile: {
          managedOutboundIPs: { count: 1 },
          backendPoolType: 'nodeIPConfiguration',
          ...sent.loadBalancerProfile,
        },
      }),
    ...(podCidr !== undefined && { podCidr, podCidrs: [podCidr] }),
    serviceCidr,
    dnsServiceIP: sent.dnsServiceIP ?? defaultDnsServiceIp(serviceCidr),
    outboundType,
    serviceCidrs: [serviceCidr],
    ipFamilies: sent.ipFamilies ?? ['IPv4'],
  };
  const error = networkProfileError(profile);
  if (error) throw error;
  return profile;
}

function networkProfileError(profile: Profile): AzureError | undefined {
  if (profile.networkPluginMode === 'overlay' && profile.networkPlugin !== 'azure') {
    return invalidCluster(
      member('networkPluginMode'),
      `overlay needs networkPlugin azure, not ${profile.networkPlugin}.`,
    );
  }
  if (
    profile.networkPlugin === 'azure' &&
    profile.networkPluginMode !== 'overlay' &&
    profile.podCidr !== undefined
  ) {
    return invalidCluster(
      member('podCidr'),
      'it can only be set with networkPluginMode overlay or networkPlugin kubenet.',
    );
  }
  if (profile.networkPolicy === 'azure' && profile.networkPlugin !== 'azure') {
    return invalidCluster(
      member('networkPolicy'),
      `azure needs networkPlugin azure, not ${profile.networkPlugin}.`,
    );
  }
  if (profile.ipFamilies?.includes('IPv6')) {
    return notModelled(`dual-stack and IPv6 clusters (${member('ipFamilies')})`, member('ipFamilies'));
  }
  return rangesError(profile);
}

function rangeError(name: keyof NetworkProfile, text: string | undefined): AzureError | undefined {
  if (text === undefined) return undefined;
  const range = parseIpv4Range(text);
  if (!range) return invalidCluster(member(name), `'${text}' is not an IPv4 range such as 10.244.0.0/16.`);
  const barred = forbidden.find((other) => overlaps(range, parseIpv4Range(other) as Ipv4Range));
  return barred === undefined
    ? undefined
    : invalidCluster(member(name), `${text} overlaps ${barred}, which AKS keeps for itself.`);
}

function rangesError({ podCidr, serviceCidr = '', dnsServiceIP = '' }: Profile): AzureError | undefined {
  const wrong = rangeError('podCidr', podCidr) ?? rangeError('serviceCidr', serviceCidr);
  if (wrong) return wrong;
  const services = parseIpv4Range(serviceCidr) as Ipv4Range;
  const pods = podCidr === undefined ? undefined : parseIpv4Range(podCidr);
  if (services.prefix <= 12) {
    return invalidCluster(member('serviceCidr'), `${serviceCidr} is too large: it must be smaller than /12.`);
  }
  if (pods && overlaps(services, pods)) {
    return invalidCluster(member('podCidr'), `${podCidr} overlaps serviceCidr ${serviceCidr}.`);
  }
  const dns = parseIpv4Address(dnsServiceIP);
  if (dns === undefined)
    return invalidCluster(member('dnsServiceIP'), `'${dnsServiceIP}' is not an IPv4 address.`);
  if (dns < services.first || dns > services.last) {
    return invalidCluster(
      member('dnsServiceIP'),
      `${dnsServiceIP} is not inside serviceCidr ${serviceCidr}.`,
    );
  }
  return dns <= services.first + 1
    ? invalidCluster(
        member('dnsServiceIP'),
        `${dnsServiceIP} is the first address of serviceCidr ${serviceCidr}.`,
      )
    : undefined;
}

/**
 * Refuses a subnet whose range the cluster already uses for services or pods.
 *
 * @param prefix the subnet's address range
 */
export function checkSubnetAgainstRanges({ serviceCidr, podCidr }: NetworkProfile, prefix: string): void {
  const subnet = parseIpv4Range(prefix);
  const clash = (text: string | undefined): boolean => {
    const range = text === undefined ? undefined : parseIpv4Range(text);
    return subnet !== undefined && range !== undefined && overlaps(range, subnet);
  };
  if (clash(serviceCidr)) {
    throw refusal(
      'ServiceCidrOverlapExistingSubnetsCidr',
      `The specified service CIDR ${serviceCidr} is conflicted with an existing subnet CIDR ${prefix}.`,
      member('serviceCidr'),
    );
  }
  if (clash(podCidr)) {
    throw refusal(
      'PodCidrOverlapExistingSubnetsCidr',
      `The specified pod CIDR ${podCidr} is conflicted with an existing subnet CIDR ${prefix}.`,
      member('podCidr'),
    );
  }
}

/** Members of the network profile that an update may not change. */
const fixedMembers: readonly (keyof NetworkProfile)[] = [
  'networkPlugin',
  'networkPluginMode',
  'networkPolicy',
  'networkDataplane',
  'podCidr',
  'serviceCidr',
  'dnsServiceIP',
  'outboundType',
  'loadBalancerSku',
];

/**
 * The profile after an update: the load balancer's settings may change, the ranges and the plugin may not.
 *
 * @throws AzureError `PropertyChangeNotAllowed`.
 */
export function updateNetworkProfile(current: Profile, sent: Profile | undefined): Profile {
  if (!sent) return current;
  for (const name of fixedMembers) {
    const [before, now] = [current[name], sent[name]];
    if (now === undefined || String(now).toLowerCase() === String(before ?? '').toLowerCase()) continue;
    throw refusal(
      'PropertyChangeNotAllowed',
      `Changing property '${member(name)}' is not allowed.`,
      member(name),
    );
  }
  const { loadBalancerSku: _fixed, loadBalancerProfile, ...rest } = sent;
  const { effectiveOutboundIPs: _derived, ...balancer } = loadBalancerProfile ?? {};
  return {
    ...current,
    ...rest,
    ...(current.loadBalancerProfile && {
      loadBalancerProfile: { ...current.loadBalancerProfile, ...balancer },
    }),
  };
}
