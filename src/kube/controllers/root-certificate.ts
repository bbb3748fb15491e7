import type { Transaction, Versioned } from '../../store/index.js';
import { rootCertificateName } from '../cluster/index.js';
import type { ControlPlaneKeys } from '../keys.js';
import { configMaps } from '../kinds/index.js';
import { fieldAt } from '../object.js';
import type { KubeObject, Stored } from '../object.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';

/** Keeps the authority's certificate where pods look for it (Kubernetes: root CA certificate publisher). */
export class RootCertificateController extends Controller {
  readonly #caPem: string;
  protected readonly triggers: readonly Trigger[] = [];

  constructor(parts: ControllerParts, { caPem }: ControlPlaneKeys) {
    super(parts, configMaps);
    this.#caPem = caPem;
  }

  protected reconcile(tx: Transaction, { key, value }: Versioned<Stored>): undefined {
    const { object } = value;
    if (object.metadata.name !== rootCertificateName) return undefined;
    const data = (fieldAt(object, 'data') ?? {}) as Record<string, string>;
    if (data['ca.crt'] === this.#caPem) return undefined;
    const published = { ...object, data: { ...data, 'ca.crt': this.#caPem } } as KubeObject;
    tx.put(configMaps.collection, key, { ...value, object: published });
    return undefined;
  }
}
