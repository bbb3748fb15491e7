import type { Store } from '../../store/index.js';
import type { WriteContext } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import type { ControlPlaneKeys } from '../keys.js';
import { certificateSigningRequests } from '../kinds/index.js';
import type { Stored } from '../object.js';
import { clientSigner, hasCondition, requestPem } from './signing-request.js';
import type { SigningCondition, SigningRequest } from './signing-request.js';

const yearSeconds = 365 * 24 * 3600;
const clientUsages = new Set(['digital signature', 'key encipherment', 'client auth']);

/**
 * Signs the approved requests of the signer for API clients (Kubernetes: CSR signing). It waits for what the keys do, so it
 * is no controller of the engine: what it finds unsigned, it signs.
 */
export class CertificateSigner {
  readonly #store: Store;
  readonly #context: WriteContext;
  readonly #keys: ControlPlaneKeys;
  readonly #inWork = new Set<string>();

  constructor(parts: { store: Store; context: WriteContext }, keys: ControlPlaneKeys) {
    this.#store = parts.store;
    this.#context = parts.context;
    this.#keys = keys;
  }

  /** Signs what waits, then what comes. */
  start(): void {
    const { collection } = certificateSigningRequests;
    for (const { key } of this.#store.entries(collection)) this.#look(key);
    this.#store.watch({ collections: [collection as never] }, ({ changes }) => {
      for (const { collection: name, key } of changes) if (name === collection.name) this.#look(key);
    });
  }

  #look(key: string): void {
    const stored = this.#store.get(certificateSigningRequests.collection, key);
    if (!stored || !waits(stored.object as SigningRequest) || this.#inWork.has(key)) return;
    this.#inWork.add(key);
    void this.#sign(stored)
      .then((status) => this.#put(key, stored, status))
      .finally(() => this.#inWork.delete(key));
  }

  async #sign({ cluster, object }: Stored): Promise<Partial<NonNullable<SigningRequest['status']>>> {
    const request = object as SigningRequest;
    const { usages = [], expirationSeconds } = request.spec;
    if (!usages.includes('client auth') || !usages.every((usage) => clientUsages.has(usage))) {
      return failed(`invalid usages for client certificate: [${usages.join(' ')}]`);
    }
    try {
      const certificate = await this.#keys.signCertificate({
        cluster,
        requestPem: requestPem(request),
        seconds: Math.min(expirationSeconds ?? yearSeconds, yearSeconds),
      });
      return { certificate: Buffer.from(certificate).toString('base64') };
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  #put(key: string, was: Stored, status: Partial<NonNullable<SigningRequest['status']>>): void {
    this.#store.transact((tx) => {
      const stored = tx.get(certificateSigningRequests.collection, key);
      const request = stored?.object as SigningRequest | undefined;
      if (!stored || !request || request.metadata.uid !== was.object.metadata.uid) return;
      const now = toKubeTime(this.#context.clock.now());
      const added = (status.conditions ?? []).map((condition) => ({
        ...condition,
        lastUpdateTime: now,
        lastTransitionTime: now,
      }));
      const conditions = [...(request.status?.conditions ?? []), ...added];
      const object: SigningRequest = { ...request, status: { ...request.status, ...status, conditions } };
      tx.put(certificateSigningRequests.collection, key, { ...stored, object });
    });
  }
}

const waits = (request: SigningRequest): boolean =>
  request.spec.signerName === clientSigner &&
  hasCondition(request, 'Approved') &&
  !hasCondition(request, 'Denied') &&
  !hasCondition(request, 'Failed') &&
  request.status?.certificate === undefined;

const failed = (message: string): { readonly conditions: readonly SigningCondition[] } => ({
  conditions: [{ type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message }],
});
