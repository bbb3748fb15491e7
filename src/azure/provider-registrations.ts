import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import { AzureError } from './error.js';

/** The providers that a world answers for. */
export const providerNamespaces = [
  'Microsoft.Authorization',
  'Microsoft.Compute',
  'Microsoft.ContainerService',
  'Microsoft.Network',
  'Microsoft.Resources',
] as const;

export type ProviderNamespace = (typeof providerNamespaces)[number];

export interface ProviderRegistration {
  readonly namespace: ProviderNamespace;
  readonly state: 'Registered' | 'NotRegistered';
}

/** Registrations that were changed, by lower-case namespace; the others are registered. */
export const providerRegistrations = defineCollection<ProviderRegistration>('providerRegistrations');

/** The registration of a provider, whatever the letter case of its name; `undefined` for one that is not modelled. */
export function providerRegistration(reader: Reader, name: string): ProviderRegistration | undefined {
  const namespace = providerNamespaces.find((known) => known.toLowerCase() === name.toLowerCase());
  if (namespace === undefined) return undefined;
  return reader.get(providerRegistrations, namespace.toLowerCase()) ?? { namespace, state: 'Registered' };
}

/** Registers a provider with the subscription, or takes it back. */
export function setProviderRegistration(tx: Transaction, registration: ProviderRegistration): void {
  tx.put(providerRegistrations, registration.namespace.toLowerCase(), registration);
}

/** @throws AzureError 409 MissingSubscriptionRegistration, which clients answer by registering (ARM: resource providers). */
export function requireRegistered(reader: Reader, namespace: ProviderNamespace): void {
  if (providerRegistration(reader, namespace)?.state === 'Registered') return;
  const message =
    `The subscription is not registered to use namespace '${namespace}'. ` +
    'See https://aka.ms/rps-not-found for how to register subscriptions.';
  throw new AzureError({
    status: 409,
    code: 'MissingSubscriptionRegistration',
    message,
    target: namespace,
    envelope: 'arm',
    details: [{ code: 'MissingSubscriptionRegistration', target: namespace, message }],
  });
}
