import type { Reader } from '../../store/index.js';
import {
  claimsOf,
  configMaps,
  needTerm,
  persistentVolumeClaims,
  resourceClaimName,
  resourceClaims,
  secrets,
} from '../kinds/index.js';
import type { Container, KeySelector, MissingNeed, Pod, ResourceClaim, Volume } from '../kinds/index.js';
import type { KubeObject } from '../object.js';
import { isObject, membersOf } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { objectKey } from '../resource-type.js';
import { boundVolume, volumesReady } from '../volumes/index.js';

/** Objects that pods refer to by name, as the kubelet calls them. */
const sources = {
  configMap: { type: configMaps, name: 'configmap', kind: 'ConfigMap' },
  secret: { type: secrets, name: 'secret', kind: 'Secret' },
} as const;
type SourceKind = keyof typeof sources;

/** The reason that events give for a container that can't be made. */
const failed = 'Failed';

/** Looks up what a pod refers to, in its own namespace. */
export class References {
  readonly #reader: Reader;
  readonly #cluster: string;
  readonly #pod: Pod;

  constructor(reader: Reader, cluster: string, pod: Pod) {
    this.#reader = reader;
    this.#cluster = cluster;
    this.#pod = pod;
  }

  /** What a container's environment needs and is not there: it can't be made (kubelet: CreateContainerConfigError). */
  missingConfig({ env = [], envFrom = [] }: Container): MissingNeed | undefined {
    for (const { configMapRef, secretRef } of envFrom) {
      const missing =
        this.#missingSource('configMap', configMapRef) ?? this.#missingSource('secret', secretRef);
      if (missing) return missing;
    }
    for (const { valueFrom } of env) {
      const missing =
        this.#missingKey('configMap', valueFrom?.configMapKeyRef) ??
        this.#missingKey('secret', valueFrom?.secretKeyRef);
      if (missing) return missing;
    }
    return undefined;
  }

  /** The first volume that can't be mounted: the pod's containers wait for it (kubelet: FailedMount). */
  missingVolume(): MissingNeed | undefined {
    for (const volume of this.#pod.spec.volumes ?? []) {
      const missing = this.#missingIn(volume);
      if (missing) return missing;
    }
    return this.#missingClaim();
  }

  /** A claim for devices that the pod may not use: nothing of it is made before (kubelet: preparing dynamic resources). */
  missingDevices(): MissingNeed | undefined {
    const { namespace = '', name: podName, uid } = this.#pod.metadata;
    for (const one of this.#pod.spec.resourceClaims ?? []) {
      const found = resourceClaimName(this.#pod, one);
      if (found.kind === 'none') continue;
      if (found.kind === 'not made yet')
        return devicesMissing(`pod "${namespace}/${podName}": ResourceClaim not created yet`, []);
      const needs = [this.#term(resourceClaims, found.name)];
      const claim = this.#find(resourceClaims, found.name) as ResourceClaim | undefined;
      if (!claim) {
        const why = `resourceclaims.resource.k8s.io "${found.name}" not found`;
        const what = `failed to fetch ResourceClaim ${found.name} referenced by pod ${podName}: ${why}`;
        return devicesMissing(what, needs);
      }
      if (!claim.status?.reservedFor?.some((user) => user.uid === uid)) {
        const which = `${found.name}(${claim.metadata.uid})`;
        return devicesMissing(`pod ${podName}(${uid}) is not allowed to use resource claim ${which}`, needs);
      }
    }
    return undefined;
  }

  #missingIn(volume: Volume): MissingNeed | undefined {
    const { name = '', secret, configMap, projected } = volume;
    const projections = projected?.sources ?? [];
    const missing =
      this.#missingSource('secret', secret && { ...secret, name: secret.secretName ?? '' }) ??
      this.#missingSource('configMap', configMap) ??
      projections.reduce<MissingNeed | undefined>(
        (found, source) =>
          found ??
          this.#missingSource('secret', source.secret) ??
          this.#missingSource('configMap', source.configMap),
        undefined,
      );
    return (
      missing && {
        ...missing,
        reason: 'FailedMount',
        message: `MountVolume.SetUp failed for volume "${name}" : ${missing.message}`,
      }
    );
  }

  /** A claim that is not there or not bound. Attaching what it is bound to takes its time too, but is nothing to tell. */
  #missingClaim(): MissingNeed | undefined {
    if (volumesReady(this.#reader, this.#cluster, this.#pod)) return undefined;
    const { namespace = '' } = this.#pod.metadata;
    for (const { name, volume } of claimsOf(this.#pod)) {
      const isThere = this.#find(persistentVolumeClaims, name) !== undefined;
      if (isThere && boundVolume(this.#reader, this.#cluster, namespace, name)) continue;
      const why = isThere
        ? 'PVC is not bound'
        : `failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`;
      const lists = `unmounted volumes=[${volume.name ?? ''}], unattached volumes=[], failed to process volumes=[${volume.name ?? ''}]`;
      const message = `Unable to attach or mount volumes: ${lists}: error processing PVC ${namespace}/${name}: ${why}`;
      return { reason: 'FailedMount', message, needs: [] };
    }
    return { message: 'volumes are not attached', needs: [] };
  }

  #missingSource(
    kind: SourceKind,
    source:
      | {
          readonly name?: string;
          readonly optional?: boolean;
          readonly items?: readonly { readonly key?: string }[];
        }
      | undefined,
  ): MissingNeed | undefined {
    if (!source || source.optional === true) return undefined;
    const { type, name: word } = sources[kind];
    const { name = '', items = [] } = source;
    const found = this.#find(type, name);
    const needs = [this.#term(type, name)];
    if (!found) return { reason: failed, message: `${word} "${name}" not found`, needs };
    const absent = items.find(({ key = '' }) => !hasKey(found, key));
    return (
      absent && {
        reason: failed,
        message: `references non-existent ${word === 'secret' ? 'secret' : 'config'} key: ${absent.key ?? ''}`,
        needs,
      }
    );
  }

  #missingKey(kind: SourceKind, selector: KeySelector | undefined): MissingNeed | undefined {
    if (!selector || selector.optional === true) return undefined;
    const { type, name: word, kind: typeName } = sources[kind];
    const { name = '', key = '' } = selector;
    const found = this.#find(type, name);
    if (found && hasKey(found, key)) return undefined;
    const { namespace = '' } = this.#pod.metadata;
    const message = found
      ? `couldn't find key ${key} in ${typeName} ${namespace}/${name}`
      : `${word} "${name}" not found`;
    return { reason: failed, message, needs: [this.#term(type, name)] };
  }

  #find(type: ResourceType, name: string): KubeObject | undefined {
    const { namespace } = this.#pod.metadata;
    return this.#reader.get(type.collection, objectKey(this.#cluster, namespace, name))?.object;
  }

  #term(type: ResourceType, name: string): string {
    return needTerm(this.#cluster, type.plural, this.#pod.metadata.namespace ?? '', name);
  }
}

const devicesMissing = (why: string, needs: readonly string[]): MissingNeed => ({
  reason: 'FailedPrepareDynamicResources',
  message: `Failed to prepare dynamic resources: prepare dynamic resources: ${why}`,
  needs,
});

function hasKey(object: KubeObject, key: string): boolean {
  const members = membersOf(object);
  return [members['data'], members['binaryData']].some((data) => isObject(data) && Object.hasOwn(data, key));
}
