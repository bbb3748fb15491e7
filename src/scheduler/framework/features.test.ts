import { expect, test } from 'vitest';
import { featuresOf, parseKubernetesVersion } from './features.js';

test.each([
  ['1.34.2', { minor: 34, patch: 2 }],
  ['v1.36.0', { minor: 36, patch: 0 }],
  ['1.35', { minor: 35, patch: 0 }],
  ['v1.33.12-aks', { minor: 33, patch: 12 }],
])('%s is read as %j', (text, version) => expect(parseKubernetesVersion(text)).toEqual(version));

test.each(['', '2.0.0', 'latest', '34'])('%j is no version', (text) => {
  expect(() => parseKubernetesVersion(text)).toThrow(
    new RangeError(`'${text}' is no version of Kubernetes: it reads like 1.34.2`),
  );
});

test.each([
  // version   taint text      balance        images  devices  others' anti-affinity
  ['1.33.9', 'names-taint', 'with-pod', false, false, false],
  ['1.34.0', 'names-taint', 'with-pod', false, true, false],
  ['1.34.1', 'names-taint', 'with-pod', false, true, false],
  ['1.34.2', 'counts-nodes', 'with-pod', false, true, false],
  ['1.35.0', 'counts-nodes', 'with-pod', false, true, false],
  ['1.35.4', 'counts-nodes', 'with-pod', false, true, false],
  ['1.36.0', 'counts-nodes', 'improvement', true, true, true],
  ['1.37.0', 'counts-nodes', 'improvement', true, true, true],
])('%s: taints %s, balance %s, image volumes %s, devices %s, wakes on others %s', (version, ...expected) => {
  const features = featuresOf(parseKubernetesVersion(version));
  const { taintText, balancedAllocation, imageVolumes, dynamicResources, wakesOnOthersAntiAffinity } =
    features;
  expect([taintText, balancedAllocation, imageVolumes, dynamicResources, wakesOnOthersAntiAffinity]).toEqual(
    expected,
  );
});
