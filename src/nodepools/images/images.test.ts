import { describe, expect, test } from 'vitest';
import { testCatalog, testDay } from '../fixtures.js';
import { instant } from '../../units/index.js';
import { effectiveOsSku, imageExists, latestNodeImage } from './index.js';
import type { ImageChoice } from './index.js';

const choice = (osSKU: string, more: Partial<ImageChoice> = {}): ImageChoice => ({
  osType: osSKU.startsWith('Windows') ? 'Windows' : 'Linux',
  osSKU,
  kubernetesVersion: '1.35.6',
  size: testCatalog.vmSize('Standard_D4s_v5'),
  fips: false,
  trustedLaunch: false,
  podSandboxing: false,
  ...more,
});
const size = (name: string): Partial<ImageChoice> => ({ size: testCatalog.vmSize(name) });

describe('the newest node image', () => {
  test.each([
    // OS SKU, more, image
    ['Ubuntu', {}, 'AKSUbuntu-2404gen2containerd-202607.09.0'],
    ['Ubuntu', { kubernetesVersion: '1.34.9' }, 'AKSUbuntu-2204gen2containerd-202607.09.0'],
    ['Ubuntu', size('Standard_D4ps_v5'), 'AKSUbuntu-2404gen2arm64containerd-202607.09.0'],
    ['Ubuntu', size('Standard_D2_v2'), 'AKSUbuntu-2404containerd-202607.09.0'],
    ['AzureLinux', size('Standard_D4ps_v5'), 'AKSAzureLinux-V3gen2arm64-202607.09.0'],
    ['AzureLinux', { fips: true }, 'AKSAzureLinux-V3gen2fips-202607.09.0'],
    ['AzureContainerLinux', {}, 'AKSAzureLinux-aclgen2TL-202607.09.0'],
    ['Windows2022', {}, 'AKSWindows-2022-containerd-20348.5386.260715'],
    ['Windows2025', {}, 'AKSWindows-2025-gen2-26100.33158.260715'],
  ] as const)('of %s with %o is %s', (osSKU, more, image) => {
    expect(latestNodeImage(choice(osSKU, more), testDay)).toBe(image);
  });

  test.each([
    ['2026-07-05', '202607.02.0'],
    ['2026-05-20', '202605.14.0'],
    ['2020-01-01', '202501.22.0'],
  ])('on %s is of %s', (day, version) => {
    expect(latestNodeImage(choice('Ubuntu'), instant(Date.parse(day)))).toContain(version);
  });
});

test('AKS builds no image for some combinations', () => {
  expect(imageExists(choice('Ubuntu2404', { fips: true }))).toBe(false);
  expect(imageExists(choice('Windows2022', size('Standard_D4ps_v5')))).toBe(false);
});

test.each([
  ['Ubuntu', '1.34.9', 'Ubuntu2204'],
  ['Ubuntu', '1.35.6', 'Ubuntu2404'],
  ['AzureLinux', '1.35.6', 'AzureLinux3'],
  ['Windows2022', '1.35.6', 'Windows2022'],
  ['AzureContainerLinux', '1.35.6', 'AzureContainerLinux'],
])('%s on %s is effectively %s', (osSKU, kubernetesVersion, sku) => {
  expect(effectiveOsSku({ osSKU, kubernetesVersion, fips: false })).toBe(sku);
});
