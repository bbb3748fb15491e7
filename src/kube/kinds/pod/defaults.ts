import type { Draft } from '../../resource-type.js';
import { fill, member, objectOf, objectsOf } from '../defaulting.js';

/** Fills what the spec of a pod or of a template leaves out (core/v1 defaults: PodSpec). */
export function defaultPodSpec(spec: Draft): void {
  // The list is always there, so that what admits a pod may count on it; validation asks for a container.
  fill(spec, 'containers', []);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of objectsOf(spec[list])) defaultContainer(container);
  }
  for (const volume of objectsOf(spec['volumes'])) defaultVolume(volume);
  fill(spec, 'restartPolicy', 'Always');
  fill(spec, 'terminationGracePeriodSeconds', 30);
  fill(spec, 'dnsPolicy', 'ClusterFirst');
  fill(spec, 'securityContext', {});
  fill(spec, 'schedulerName', 'default-scheduler');
  if (spec['serviceAccountName'] !== undefined) fill(spec, 'serviceAccount', spec['serviceAccountName']);
  else if (spec['serviceAccount'] !== undefined) spec['serviceAccountName'] = spec['serviceAccount'];
}

/** Fills what only pods themselves have filled, and templates don't (core/v1 defaults: Pod). */
export function defaultPod(spec: Draft): void {
  for (const list of ['initContainers', 'containers']) {
    for (const container of objectsOf(spec[list])) {
      const resources = objectOf(container['resources']);
      const limits = objectOf(resources?.['limits']);
      if (resources && limits) resources['requests'] = { ...limits, ...objectOf(resources['requests']) };
      if (spec['hostNetwork'] !== true) continue;
      for (const port of objectsOf(container['ports'])) fill(port, 'hostPort', port['containerPort']);
    }
  }
  fill(spec, 'enableServiceLinks', true);
}

/** Fills what the pods of a workload leave out. */
export function defaultTemplate(spec: Draft): void {
  const template = member(spec, 'template');
  defaultPodSpec(member(template, 'spec'));
}

function defaultContainer(container: Draft): void {
  const image = typeof container['image'] === 'string' ? container['image'] : '';
  fill(container, 'imagePullPolicy', pullPolicyOf(image));
  fill(container, 'terminationMessagePath', '/dev/termination-log');
  fill(container, 'terminationMessagePolicy', 'File');
  member(container, 'resources');
  for (const port of objectsOf(container['ports'])) fill(port, 'protocol', 'TCP');
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = objectOf(container[name]);
    if (probe) defaultProbe(probe);
  }
  const lifecycle = objectOf(container['lifecycle']);
  for (const hook of ['postStart', 'preStop']) defaultHttp(objectOf(lifecycle?.[hook]));
  for (const variable of objectsOf(container['env'])) defaultSelectors(objectOf(variable['valueFrom']));
}

/** An image whose tag may come to mean another one is always pulled: it has no tag, or `latest`. */
function pullPolicyOf(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultProbe(probe: Draft): void {
  fill(probe, 'timeoutSeconds', 1);
  fill(probe, 'periodSeconds', 10);
  fill(probe, 'successThreshold', 1);
  fill(probe, 'failureThreshold', 3);
  const grpc = objectOf(probe['grpc']);
  if (grpc) fill(grpc, 'service', '');
  defaultHttp(probe);
}

function defaultHttp(handler: Draft | undefined): void {
  const http = objectOf(handler?.['httpGet']);
  if (!http) return;
  fill(http, 'path', '/');
  fill(http, 'scheme', 'HTTP');
}

/** Selectors of a pod's fields and of its containers' resources, as variables and files have them. */
function defaultSelectors(source: Draft | undefined): void {
  const field = objectOf(source?.['fieldRef']);
  if (field) fill(field, 'apiVersion', 'v1');
  const resource = objectOf(source?.['resourceFieldRef']);
  if (resource) fill(resource, 'divisor', '0');
}

/** Permissions of files in volumes: 0644. */
const fileMode = 420;

function defaultVolume(volume: Draft): void {
  if (Object.keys(volume).every((name) => name === 'name')) volume['emptyDir'] = {};
  for (const name of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const source = objectOf(volume[name]);
    if (source) fill(source, 'defaultMode', fileMode);
  }
  const hostPath = objectOf(volume['hostPath']);
  if (hostPath) fill(hostPath, 'type', '');
  for (const file of objectsOf(objectOf(volume['downwardAPI'])?.['items'])) defaultSelectors(file);
  for (const source of objectsOf(objectOf(volume['projected'])?.['sources'])) {
    const token = objectOf(source['serviceAccountToken']);
    if (token) fill(token, 'expirationSeconds', 3600);
    for (const file of objectsOf(objectOf(source['downwardAPI'])?.['items'])) defaultSelectors(file);
  }
  defaultAzureDisk(objectOf(volume['azureDisk']));
  const claim = objectOf(objectOf(objectOf(volume['ephemeral'])?.['volumeClaimTemplate'])?.['spec']);
  if (claim) fill(claim, 'volumeMode', 'Filesystem');
  const image = objectOf(volume['image']);
  if (image) fill(image, 'pullPolicy', pullPolicyOf(String(image['reference'] ?? '')));
}

/** Also of persistent volumes. */
export function defaultAzureDisk(disk: Draft | undefined): void {
  if (!disk) return;
  fill(disk, 'cachingMode', 'ReadWrite');
  fill(disk, 'fsType', 'ext4');
  fill(disk, 'kind', 'Shared');
  fill(disk, 'readOnly', false);
}
