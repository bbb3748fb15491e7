import type { Transaction, Versioned } from '../../store/index.js';
import { deleteObject } from '../api/index.js';
import type { ControlPlaneKeys } from '../keys.js';
import { secrets, serviceAccounts } from '../kinds/index.js';
import { canonicalJson, fieldAt } from '../object.js';
import type { JsonObject, KubeObject, Stored } from '../object.js';
import { namespaceTerm, objectKey } from '../resource-type.js';
import {
  accountNameAnnotation,
  accountUidAnnotation,
  legacyClaims,
  tokenSecretType,
} from '../tokens/index.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';

const isTokenSecret = (object: KubeObject): boolean => fieldAt(object, 'type') === tokenSecretType;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Fills the Secrets that ask for a service account's token, and takes them away with it (Kubernetes: token controller). */
export class TokenSecretController extends Controller {
  readonly #keys: ControlPlaneKeys;

  protected readonly triggers: readonly Trigger[] = [
    {
      type: serviceAccounts,
      keys: ({ cluster, before, after }, store) => {
        const { namespace = '' } = (after ?? before)?.metadata ?? {};
        return store
          .findEntries(secrets.collection, 'byNamespace', namespaceTerm(cluster, namespace))
          .filter(({ value }) => isTokenSecret(value.object))
          .map(({ key }) => key);
      },
    },
  ];

  constructor(parts: ControllerParts, keys: ControlPlaneKeys) {
    super(parts, secrets);
    this.#keys = keys;
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): undefined {
    const { cluster, object } = entry.value;
    const { name, namespace = '', annotations = {} } = object.metadata;
    if (!isTokenSecret(object)) return undefined;
    const accountName = annotations[accountNameAnnotation] ?? '';
    const key = objectKey(cluster, namespace, accountName);
    const account = tx.get(serviceAccounts.collection, key)?.object;
    const uid = annotations[accountUidAnnotation];
    if (!account || (uid !== undefined && uid !== account.metadata.uid)) {
      deleteObject(this.parts.context, tx, secrets, entry, { propagation: 'Background' });
      return undefined;
    }
    const given = (fieldAt(object, 'data') ?? {}) as JsonObject;
    const ownUid = account.metadata.uid;
    const token =
      given['token'] ??
      base64(
        this.#keys.signToken(
          legacyClaims({ namespace, secret: name, account: { name: accountName, uid: ownUid } }),
        ),
      );
    const data = { ...given, 'ca.crt': base64(this.#keys.caPem), namespace: base64(namespace), token };
    const metadata = { ...object.metadata, annotations: { ...annotations, [accountUidAnnotation]: ownUid } };
    const filled = { ...object, metadata, data } as KubeObject;
    if (canonicalJson(filled) !== canonicalJson(object))
      tx.put(secrets.collection, entry.key, { ...entry.value, object: filled });
    return undefined;
  }
}
