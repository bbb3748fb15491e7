import type { ClusterProfile } from '../profile.js';
import type { SystemImages } from './images.js';
import { account, daemon } from './manifest.js';
import type { Manifest, SystemContainer } from './manifest.js';

/** The nodes' half of the storage drivers: two sidecars and the driver, in 30m and 60Mi. */
const driver = (
  images: SystemImages,
  { name, image, memoryLimit }: { name: string; image: string; memoryLimit: string },
): readonly SystemContainer[] => [
  { name: 'liveness-probe', image: images.livenessProbe, cpu: '10m', memory: '20Mi', memoryLimit: '100Mi' },
  {
    name: 'node-driver-registrar',
    image: images.nodeDriverRegistrar,
    cpu: '10m',
    memory: '20Mi',
    memoryLimit: '100Mi',
  },
  { name, image, cpu: '10m', memory: '20Mi', memoryLimit },
];

/** What mounts disks and shares on the nodes; what makes and attaches them runs beside the control plane. */
export const csiNodeDrivers = (_profile: ClusterProfile, images: SystemImages): readonly Manifest[] => {
  const disk = driver(images, { name: 'azuredisk', image: images.azureDisk, memoryLimit: '1200Mi' });
  const files = driver(images, { name: 'azurefile', image: images.azureFiles, memoryLimit: '400Mi' });
  const both = (name: string, containers: readonly SystemContainer[]): readonly Manifest[] => {
    const accountName = `${name}-sa`;
    const common = { account: accountName, containers, maxUnavailable: '33%' } as const;
    return [
      account(accountName),
      daemon({ name, labels: { app: name }, ...common }),
      daemon({ name: `${name}-win`, labels: { app: `${name}-win` }, os: 'windows', ...common }),
    ];
  };
  return [...both('csi-azuredisk-node', disk), ...both('csi-azurefile-node', files)];
};
