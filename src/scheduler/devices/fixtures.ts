import type { KubeObject, Pod } from '../../kube/index.js';
import { object, pod } from '../volumes/fixtures.js';

type Members = Readonly<Record<string, unknown>>;

export const driver = 'gpu.example.com';

export const device = (name: string, attributes: Members = {}, memory = '80Gi'): Members => ({
  name,
  attributes,
  capacity: { memory: { value: memory } },
});

/** The devices of a node, as its driver offers them. */
export const slice = (nodeName: string, devices: readonly Members[], members: Members = {}): KubeObject =>
  object('ResourceSlice', `${nodeName}-slice`, {
    spec: {
      driver,
      nodeName,
      pool: { name: nodeName, generation: 1, resourceSliceCount: 1 },
      devices,
      ...members,
    },
  });

/** Devices that several nodes can use. */
export const sharedSlice = (name: string, devices: readonly Members[], members: Members): KubeObject =>
  object('ResourceSlice', name, {
    spec: { driver, pool: { name, generation: 1, resourceSliceCount: 1 }, devices, ...members },
  });

export const deviceClass = (name: string, expression = `device.driver == "${driver}"`): KubeObject =>
  object('DeviceClass', name, { spec: { selectors: [{ cel: { expression } }] } });

export const request = (name: string, members: Members = {}): Members => ({
  name,
  exactly: { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1, ...members },
});

export const resourceClaim = (
  name: string,
  requests: readonly Members[],
  { devices, ...status }: Members & { readonly devices?: Members } = {},
  metadata: Members = {},
): KubeObject =>
  object(
    'ResourceClaim',
    name,
    { spec: { devices: { requests, ...devices } }, status },
    { namespace: 'default', ...metadata },
  );

/** The status of a claim that has devices, on a node. */
export const allocated = (node: string, ...devices: readonly string[]): Members => ({
  allocation: {
    devices: { results: devices.map((one) => ({ request: 'r', driver, pool: node, device: one })) },
    nodeSelector: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
    },
  },
});

/** A pod that uses claims. */
export const podWith = (...claims: readonly string[]): Pod =>
  pod('train', [], { resourceClaims: claims.map((name) => ({ name, resourceClaimName: name })) });
