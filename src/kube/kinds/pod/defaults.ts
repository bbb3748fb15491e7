import type { Draft } from '../../resource-type.js';
import { fill, member, objectOf, objectsOf } from '../defaulting.js';

/** Fills what a pod's spec leaves out (core/v1 defaults). */
export function defaultPodSpec(spec: Draft): void {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of objectsOf(spec[list])) defaultContainer(container, spec['hostNetwork'] === true);
  }
  for (const volume of objectsOf(spec['volumes'])) defaultVolume(volume);
  fill(spec, 'restartPolicy', 'Always');
  fill(spec, 'terminationGracePeriodSeconds', 30);
  fill(spec, 'dnsPolicy', 'ClusterFirst');
  fill(spec, 'securityContext', {});
  fill(spec, 'schedulerName', 'default-scheduler');
  if (spec['serviceAccountName'] !== undefined) fill(spec, 'serviceAccount', spec['serviceAccountName']);
  else if (spec['serviceAccount'] !== undefined) spec['serviceAccountName'] = spec['serviceAccount'];
  for (const constraint of objectsOf(spec['topologySpreadConstraints'])) {
    fill(constraint, 'nodeAffinityPolicy', constraint['nodeAffinityPolicy']);
  }
}

function defaultContainer(container: Draft, hostNetwork: boolean): void {
  const image = typeof container['image'] === 'string' ? container['image'] : '';
  fill(container, 'imagePullPolicy', isFloating(image) ? 'Always' : 'IfNotPresent');
  fill(container, 'terminationMessagePath', '/dev/termination-log');
  fill(container, 'terminationMessagePolicy', 'File');
  const resources = member(container, 'resources');
  const limits = objectOf(resources['limits']);
  if (limits) resources['requests'] = { ...limits, ...objectOf(resources['requests']) };
  for (const port of objectsOf(container['ports'])) {
    fill(port, 'protocol', 'TCP');
    if (hostNetwork) fill(port, 'hostPort', port['containerPort']);
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = objectOf(container[name]);
    if (probe) defaultProbe(probe);
  }
  for (const variable of objectsOf(container['env'])) {
    const field = objectOf(objectOf(variable['valueFrom'])?.['fieldRef']);
    if (field) fill(field, 'apiVersion', 'v1');
  }
}

/** An image whose tag may come to mean another one: it has none, or `latest`. */
const isFloating = (image: string): boolean => {
  if (image.includes('@')) return false;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
};

function defaultProbe(probe: Draft): void {
  fill(probe, 'timeoutSeconds', 1);
  fill(probe, 'periodSeconds', 10);
  fill(probe, 'successThreshold', 1);
  fill(probe, 'failureThreshold', 3);
  const http = objectOf(probe['httpGet']);
  if (http) {
    fill(http, 'path', '/');
    fill(http, 'scheme', 'HTTP');
  }
}

/** Permissions of files in volumes: 0644. */
const fileMode = 420;

function defaultVolume(volume: Draft): void {
  for (const name of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const source = objectOf(volume[name]);
    if (source) fill(source, 'defaultMode', fileMode);
  }
  const hostPath = objectOf(volume['hostPath']);
  if (hostPath) fill(hostPath, 'type', '');
  for (const source of objectsOf(objectOf(volume['projected'])?.['sources'])) {
    const token = objectOf(source['serviceAccountToken']);
    if (token) fill(token, 'expirationSeconds', 3600);
  }
}

/** Fills what the pods of a workload leave out. */
export function defaultTemplate(spec: Draft): void {
  const template = member(spec, 'template');
  defaultPodSpec(member(template, 'spec'));
}
