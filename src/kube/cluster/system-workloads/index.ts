import type { ClusterProfile } from '../profile.js';
import { azureCns, azureNpm, ipMasqAgent } from './azure-cni.js';
import { calico } from './calico.js';
import { cilium } from './cilium.js';
import { cloudNodeManager } from './cloud-node-manager.js';
import { coredns } from './coredns.js';
import { csiNodeDrivers } from './csi-drivers.js';
import { imagesFor } from './images.js';
import type { SystemImages } from './images.js';
import { konnectivity } from './konnectivity.js';
import { kubeProxy } from './kube-proxy.js';
import type { Manifest } from './manifest.js';
import { metricsServer } from './metrics-server.js';
import { workloadIdentity } from './workload-identity.js';

export type { Manifest } from './manifest.js';
export { systemNamespace } from './manifest.js';
export { metricsServerName, metricsServerSize } from './metrics-server.js';

/** What of a profile an add-on needs, and what it consists of then. */
type AddOn = (profile: ClusterProfile, images: SystemImages) => readonly Manifest[];

const addOns: readonly AddOn[] = [
  kubeProxy,
  cilium,
  azureCns,
  ipMasqAgent,
  azureNpm,
  calico,
  cloudNodeManager,
  csiNodeDrivers,
  coredns,
  konnectivity,
  metricsServer,
  workloadIdentity,
];

/** Everything that AKS keeps in a cluster of a profile, in the order in which it is made. */
export function systemWorkloads(profile: ClusterProfile): readonly Manifest[] {
  if (profile.systemWorkloads === 'none') return [];
  const images = imagesFor(profile);
  return addOns.flatMap((addOn) => addOn(profile, images));
}
