import type { Case } from '../case.js';
import type {
  DeviceClass,
  DeviceRequest,
  DeviceRequestBody,
  ResourceClaim,
  ResourceSlice,
} from '../objects.js';
import type { Chance } from './chance.js';

const drivers = ['gpu.example.com', 'nic.example.com'] as const;

const classes: readonly DeviceClass[] = [
  {
    metadata: { name: 'gpu' },
    spec: { selectors: [{ cel: { expression: 'device.driver == "gpu.example.com"' } }] },
  },
  {
    metadata: { name: 'nic' },
    spec: { selectors: [{ cel: { expression: 'device.driver == "nic.example.com"' } }] },
  },
  { metadata: { name: 'any' }, spec: {} },
];

/** Gives the pending pod claims of devices. */
export function addDevices(chance: Chance, input: Case): Case {
  const namespace = input.pod.metadata.namespace ?? '';
  const slices = input.nodes.flatMap((node) =>
    chance.some(drivers, 0.6).map((driver) => slice(chance, driver, node.metadata.name)),
  );
  const others = chance.make(chance.between(0, 2), (index): ResourceClaim => {
    const {
      driver,
      pool,
      devices = [],
    } = chance.pick(slices.length > 0 ? slices : [slice(chance, drivers[0], 'gone')]).spec;
    const results = chance
      .some(devices, 0.6)
      .map((device) => ({ request: 'r0', driver, pool: pool.name, device: device.name }));
    return {
      metadata: { name: `other-${String(index)}`, namespace, uid: `uid-other-${String(index)}` },
      spec: {
        devices: {
          requests: [
            { name: 'r0', exactly: { deviceClassName: 'any', allocationMode: 'ExactCount', count: 1 } },
          ],
        },
      },
      status: { allocation: { devices: { results } }, reservedFor: [{ name: 'other', uid: 'uid-other' }] },
    };
  });
  // More than one choice for one request only, as with several the order of pools, which is by chance, matters.
  const hasAlternatives = chance.hits(0.25);
  const claims = chance.make(hasAlternatives ? 1 : chance.between(1, 2), (index) =>
    claim(chance, input, `claim-${String(index)}`, hasAlternatives),
  );
  return {
    ...input,
    pod: {
      ...input.pod,
      spec: {
        ...input.pod.spec,
        resourceClaims: claims.map(({ metadata }, index) =>
          metadata.ownerReferences === undefined
            ? { name: metadata.name, resourceClaimName: metadata.name }
            : { name: `r${String(index)}`, resourceClaimTemplateName: 'template' },
        ),
      },
      status: {
        ...input.pod.status,
        resourceClaimStatuses: claims.flatMap(({ metadata }, index) =>
          metadata.ownerReferences === undefined
            ? []
            : [{ name: `r${String(index)}`, resourceClaimName: metadata.name }],
        ),
      },
    },
    resourceClaims: [...claims, ...others],
    deviceClasses: chance.hits(0.93) ? classes : [],
    resourceSlices: slices,
  };
}

function slice(chance: Chance, driver: string, node: string): ResourceSlice {
  const name = `${node}-${driver}`;
  return {
    metadata: { name },
    spec: {
      driver,
      pool: { name: node, generation: 1, resourceSliceCount: 1 },
      nodeName: node,
      devices: chance.make(chance.between(1, 4), (index) => ({ name: `d${String(index)}` })),
    },
  };
}

function claim(chance: Chance, input: Case, name: string, hasAlternatives: boolean): ResourceClaim {
  const { pod, nodes } = input;
  const owner = {
    apiVersion: 'v1',
    kind: 'Pod',
    name: pod.metadata.name,
    uid: pod.metadata.uid ?? '',
    controller: true,
  };
  const requests: readonly DeviceRequest[] = hasAlternatives
    ? [
        {
          name: 'r0',
          firstAvailable: chance.make(2, (index) => ({
            name: `s${String(index)}`,
            ...counted(chance),
          })),
        },
      ]
    : chance.make(chance.between(1, 2), (index) => ({ name: `r${String(index)}`, exactly: request(chance) }));
  const isAllocated = chance.hits(0.2) && nodes.length > 0;
  return {
    metadata: {
      name,
      namespace: pod.metadata.namespace ?? '',
      uid: `uid-${name}`,
      ...chance.maybe(0.4, () => ({ ownerReferences: [owner] })),
    },
    spec: { devices: { requests } },
    ...(isAllocated
      ? {
          status: {
            allocation: {
              nodeSelector: {
                nodeSelectorTerms: [
                  {
                    matchFields: [
                      {
                        key: 'metadata.name',
                        operator: 'In' as const,
                        values: [chance.pick(nodes).metadata.name],
                      },
                    ],
                  },
                ],
              },
              devices: { results: [] },
            },
            ...chance.maybe(0.5, () => ({ reservedFor: [{ name: 'someone', uid: 'uid-someone' }] })),
            ...chance.maybe(0.3, () => ({
              reservedFor: [
                { name: 'someone', uid: 'uid-someone' },
                { name: 'other', uid: 'uid-other' },
              ],
            })),
          },
        }
      : {}),
  };
}

/** All devices as one of several choices is left out: kube-scheduler mixes the choices up there. */
function request(chance: Chance): DeviceRequestBody {
  const body = counted(chance);
  if (!chance.hits(0.15)) return body;
  const { count: _, ...rest } = body;
  return { ...rest, allocationMode: 'All' };
}

function counted(chance: Chance): DeviceRequestBody {
  const deviceClassName = chance.pick(['gpu', 'gpu', 'nic', 'any']);
  const selectors = chance.maybe(0.1, () => ({
    selectors: [{ cel: { expression: `device.driver == "${chance.pick(drivers)}"` } }],
  }));
  return { deviceClassName, allocationMode: 'ExactCount', count: chance.between(1, 3), ...selectors };
}
