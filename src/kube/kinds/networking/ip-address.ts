import { validation } from '../../api/field-error.js';
import { checkName, nameFault } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import { canonicalJson } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { column, nameColumn } from '../../table/index.js';
import { networking } from './group.js';

/** What an address is of. */
export interface ParentReference {
  readonly group?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** An address that is taken, by its name (networking.k8s.io/v1). */
export interface IpAddress extends KubeObject {
  readonly spec?: { readonly parentRef?: ParentReference };
}

/** Who keeps the record of an address, as a label. */
export const managedByLabel = 'ipaddress.kubernetes.io/managed-by';

/** Everything wrong with an address (networking validation: ValidateIPAddress). */
const ipAddressErrors = validation<IpAddress>((faults, { spec: { parentRef } = {} }, before) => {
  const at = 'spec.parentRef';
  if (!parentRef) {
    faults.required(at);
    return;
  }
  const { group = '', resource = '', namespace = '', name = '' } = parentRef;
  if (before) {
    const shown = { Group: group, Resource: resource, Namespace: namespace, Name: name };
    faults.immutable(at, shown, canonicalJson(parentRef) === canonicalJson(before.spec?.parentRef ?? null));
  }
  if (group !== '') faults.invalid(`${at}.group`, group, nameFault('subdomain', group));
  checkName(faults, `${at}.resource`, 'pathSegment', resource);
  if (namespace !== '') checkName(faults, `${at}.namespace`, 'pathSegment', namespace);
  checkName(faults, `${at}.name`, 'pathSegment', name);
});

export const ipAddresses = defineKind({
  ...networking,
  kind: 'IPAddress',
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  schema: 'V1IPAddress',
  nameRule: 'ipAddress',
  columns: [
    nameColumn,
    column('ParentRef', (object) => {
      const { parentRef } = (object as IpAddress).spec ?? {};
      if (!parentRef) return '<none>';
      const { group = '', resource = '', namespace = '', name = '' } = parentRef;
      const qualified = (group === '' ? resource : `${resource}.${group}`).toLowerCase();
      return [qualified, ...(namespace === '' ? [] : [namespace]), name].join('/');
    }),
  ],
  validate: ipAddressErrors,
});
