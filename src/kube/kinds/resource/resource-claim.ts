import { fieldAt } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, column, lengthAt, nameColumn } from '../../table/index.js';
import { fill, member, objectOf, objectsOf } from '../defaulting.js';
import type { ResourceClaim } from './devices.js';
import { dynamicResources } from './group.js';

/** How far a claim is (kubectl get resourceclaims: STATE). */
function claimState(object: KubeObject): string {
  const isDeleted = object.metadata.deletionTimestamp !== undefined;
  const states = isDeleted ? ['deleted'] : [];
  if (fieldAt(object, 'status.allocation') !== undefined) states.push('allocated');
  else if (!isDeleted) states.push('pending');
  if (states.includes('allocated') && lengthAt('status.reservedFor')(object) > 0) states.push('reserved');
  return states.join(',');
}

const collection = objectCollection<Stored<ResourceClaim>>('resourceclaims.resource.k8s.io', {
  /** Claims that have their devices. */
  allocated: ({ cluster, object }) => (object.status?.allocation ? cluster : undefined),
});

export const resourceClaims = defineKind({
  ...dynamicResources,
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  namespaced: true,
  collection,
  hasStatus: true,
  tracksGeneration: false,
  schema: 'ResourceV1ResourceClaim',
  columns: [nameColumn, column('State', claimState), ageColumn],
  applyDefaults: (draft) => {
    for (const request of objectsOf(member(member(draft, 'spec'), 'devices')['requests'])) {
      defaultDevices(objectOf(request['exactly']));
      for (const choice of objectsOf(request['firstAvailable'])) defaultDevices(choice);
    }
  },
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
});

/** One device unless told otherwise (resource/v1 defaults). */
function defaultDevices(request: ReturnType<typeof objectOf>): void {
  if (!request) return;
  fill(request, 'allocationMode', 'ExactCount');
  if (request['allocationMode'] === 'ExactCount') fill(request, 'count', 1);
}
