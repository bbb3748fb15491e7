import { expect, test } from 'vitest';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import {
  providerRegistration,
  providerRegistrations,
  requireRegistered,
  setProviderRegistration,
} from './index.js';

test('a provider is registered until it is unregistered, and refuses from then on', () => {
  const store = Store.open({ now: () => instant(0), collections: [providerRegistrations] });
  const namespace = 'Microsoft.ContainerService';
  expect(() => requireRegistered(store, namespace)).not.toThrow();
  store.transact((tx) => setProviderRegistration(tx, { namespace, state: 'NotRegistered' }));
  expect(providerRegistration(store, 'microsoft.CONTAINERservice')).toEqual({
    namespace,
    state: 'NotRegistered',
  });
  expect(() => requireRegistered(store, namespace)).toThrow(
    expect.objectContaining({ status: 409, code: 'MissingSubscriptionRegistration' }),
  );
  expect(() => requireRegistered(store, 'Microsoft.Network')).not.toThrow();
  expect(providerRegistration(store, 'Microsoft.Nothing')).toBeUndefined();
});
