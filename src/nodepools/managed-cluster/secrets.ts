import type { KnownManagedClusterProperties, UnknownMembers } from '../model.js';

type Properties = KnownManagedClusterProperties & UnknownMembers;

const without = (value: object, member: string): UnknownMembers =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== member));

/** The properties without what AKS never answers: the Windows password and the service principal's secret. */
export function withoutSecrets(properties: Properties): Properties {
  const { windowsProfile, servicePrincipalProfile, ...rest } = properties;
  return {
    ...rest,
    ...(windowsProfile && {
      windowsProfile: { enableCSIProxy: true, ...without(windowsProfile, 'adminPassword') },
    }),
    ...(servicePrincipalProfile && { servicePrincipalProfile: without(servicePrincipalProfile, 'secret') }),
  };
}
