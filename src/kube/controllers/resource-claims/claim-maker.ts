import type { Transaction, Versioned } from '../../../store/index.js';
import { StatusError, insertObject } from '../../api/index.js';
import {
  claimLimits,
  claimTemplateTerm,
  claimTerm,
  isFinished,
  isTerminating,
  pods,
  resourceClaimName,
  resourceClaimTemplates,
  resourceClaims,
} from '../../kinds/index.js';
import type {
  Pod,
  PodStatus,
  PodResourceClaim,
  ResourceClaim,
  ResourceClaimTemplate,
} from '../../kinds/index.js';
import { canonicalJson, controllerOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Next, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import { controllerReference } from '../owned.js';

/** By which of the pod's claims a claim was made. */
const claimNameAnnotation = 'resource.kubernetes.io/pod-claim-name';

type Made = NonNullable<PodStatus['resourceClaimStatuses']>[number];

/** Makes the claims for devices that pods have templates for (Kubernetes: resource claim controller, the pods' half). */
export class ClaimMaker extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: resourceClaimTemplates,
      keys: ({ cluster, before, after }, store) => {
        const { namespace, name = '' } = after?.metadata ?? {};
        if (before || !after) return [];
        const term = claimTemplateTerm(cluster, namespace, name);
        return store.findEntries(pods.collection, 'byResourceClaim', term).map(({ key }) => key);
      },
    },
    {
      // One that goes while its pod stays is made anew.
      type: resourceClaims,
      keys: ({ cluster, before, after }) => {
        const owner = before && !after ? controllerOf(before) : undefined;
        return owner?.kind === 'Pod' ? [objectKey(cluster, before?.metadata.namespace, owner.name)] : [];
      },
    },
    {
      // Pods that have got their nodes without a scheduler may use a claim once it has devices.
      type: resourceClaims,
      keys: ({ cluster, after }, store) => {
        const claim = after as ResourceClaim | undefined;
        if (!claim?.status?.allocation) return [];
        const term = claimTerm(cluster, claim.metadata.namespace, claim.metadata.name);
        return store
          .findEntries(pods.collection, 'byResourceClaim', term)
          .filter(({ value }) => (value.object as Pod).spec.nodeName !== undefined)
          .map(({ key }) => key);
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, pods);
  }

  protected override readonly concerns = (object: KubeObject): boolean => {
    const pod = object as Pod;
    return pod.spec.resourceClaims !== undefined && !isTerminating(pod) && !isFinished(pod);
  };

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const pod = entry.value.object as Pod;
    if (!this.concerns(pod)) return undefined;
    const made: Made[] = [];
    let next: Next;
    for (const claim of pod.spec.resourceClaims ?? []) {
      if (claim.resourceClaimTemplateName === undefined) continue;
      const outcome = this.#make(tx, entry, claim);
      if (outcome === 'retry') next = 'retry';
      else if (outcome) made.push(outcome);
    }
    putClaimNames(tx, entry, made);
    const named = tx.get(pods.collection, entry.key)?.object as Pod | undefined;
    if (named?.spec.nodeName) reserveAllocated(tx, entry.value.cluster, named);
    return next;
  }

  #make(tx: Transaction, { value }: Versioned<Stored>, claim: PodResourceClaim): Made | 'retry' | undefined {
    const pod = value.object as Pod;
    const { cluster } = value;
    const { namespace = '' } = pod.metadata;
    const name = claim.name ?? '';
    const known = resourceClaimName(pod, claim);
    if (known.kind === 'none') return { name };
    const isThere =
      known.kind === 'claim' && tx.get(resourceClaims.collection, objectKey(cluster, namespace, known.name));
    if (known.kind === 'claim' && isThere) return { name, resourceClaimName: known.name };
    const orphan = madeBefore(tx, pod, name);
    if (orphan) return { name, resourceClaimName: orphan };
    const templateName = claim.resourceClaimTemplateName ?? '';
    const template = tx.get(resourceClaimTemplates.collection, objectKey(cluster, namespace, templateName));
    if (!template) {
      const why = `resourceclaimtemplate.resource.k8s.io "${templateName}" not found`;
      this.#tellFailure(tx, cluster, pod, name, `resource claim template "${templateName}": ${why}`);
      // Looked at again when there is such a template.
      return undefined;
    }
    const { metadata, spec } = (template.object as ResourceClaimTemplate).spec;
    const draft = {
      metadata: {
        generateName: `${pod.metadata.name}-${name}-`,
        ...(metadata?.labels && { labels: metadata.labels }),
        annotations: { ...metadata?.annotations, [claimNameAnnotation]: name },
        ownerReferences: [controllerReference(pods, pod)],
      },
      spec: structuredClone(spec),
    };
    try {
      const made = insertObject(this.parts.context, tx, resourceClaims, { cluster, namespace }, draft);
      return { name, resourceClaimName: made.metadata.name };
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#tellFailure(tx, cluster, pod, name, error.message);
      return 'retry';
    }
  }

  #tellFailure(tx: Transaction, cluster: string, pod: Pod, claim: string, why: string): void {
    recordEvent(tx, this.parts.context, cluster, pod, {
      type: 'Warning',
      reason: 'FailedResourceClaimCreation',
      message: `PodResourceClaim ${claim}: ${why}`,
      component: 'resource_claim',
    });
  }
}

/** A claim that was made for a pod whose status does not say so. */
function madeBefore(tx: Transaction, { metadata }: Pod, name: string): string | undefined {
  const owned = tx.find(resourceClaims.collection, 'byOwner', metadata.uid);
  return owned.find(({ object }) => object.metadata.annotations?.[claimNameAnnotation] === name)?.object
    .metadata.name;
}

/** Tells the names of the claims in the pod's status. */
function putClaimNames(tx: Transaction, { key, value }: Versioned<Stored>, made: readonly Made[]): void {
  const pod = value.object as Pod;
  const before = pod.status?.resourceClaimStatuses ?? [];
  const names = new Set(made.map(({ name }) => name));
  const all = [...before.filter(({ name }) => !names.has(name)), ...made].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  if (all.length === 0 || canonicalJson(all) === canonicalJson(before)) return;
  const object: Pod = { ...pod, status: { ...pod.status, resourceClaimStatuses: all } };
  tx.put(pods.collection, key, { ...value, object });
}

/** Lets a pod use its claims that has got its node without a scheduler, as far as they have devices. */
function reserveAllocated(tx: Transaction, cluster: string, pod: Pod): void {
  const { namespace, name, uid } = pod.metadata;
  for (const one of pod.spec.resourceClaims ?? []) {
    const found = resourceClaimName(pod, one);
    if (found.kind !== 'claim') continue;
    const key = objectKey(cluster, namespace, found.name);
    const stored = tx.get(resourceClaims.collection, key);
    const claim = stored?.object as ResourceClaim | undefined;
    if (!stored || !claim?.status?.allocation) continue;
    const { reservedFor = [] } = claim.status;
    if (reservedFor.length >= claimLimits.pods || reservedFor.some((user) => user.uid === uid)) continue;
    const status = { ...claim.status, reservedFor: [...reservedFor, { resource: 'pods', name, uid }] };
    const reserved: ResourceClaim = { ...claim, status };
    tx.put(resourceClaims.collection, key, { ...stored, object: reserved });
  }
}
