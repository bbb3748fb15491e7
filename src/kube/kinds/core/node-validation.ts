import { cidrFault } from '../../api/formats.js';
import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { labelValueFaults, qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';
import { checkTaintEffect } from '../pod/index.js';
import { checkResourceAmount } from '../resource-names.js';
import type { ResourceList } from '../resource-names.js';

interface Taint {
  readonly key?: string;
  readonly value?: string;
  readonly effect?: string;
}

interface Node extends KubeObject {
  readonly spec?: {
    readonly taints?: readonly Taint[];
    readonly podCIDRs?: readonly string[];
    readonly providerID?: string;
  };
  readonly status?: {
    readonly capacity?: ResourceList;
    readonly allocatable?: ResourceList;
    readonly addresses?: readonly { readonly type?: string; readonly address?: string }[];
  };
}

/** Everything wrong with a node, new or changed (core validation: ValidateNode, ValidateNodeUpdate). */
export const nodeErrors = validation<Node>((faults, node, before) => {
  const { taints = [], podCIDRs = [], providerID = '' } = node.spec ?? {};
  // Taints are told of the metadata, as the API server does.
  checkTaints(faults, 'metadata.taints', taints);
  for (const [index, range] of podCIDRs.entries()) {
    faults.invalid(`spec.podCIDRs[${String(index)}]`, range, cidrFault(range));
  }
  if (!before) return;
  const { podCIDRs: ranges = [], providerID: provider = '' } = before.spec ?? {};
  if (ranges.length > 0 && ranges.join() !== podCIDRs.join())
    faults.forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid');
  if (provider !== '' && provider !== providerID)
    faults.forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
});

function checkTaints(faults: Faults, at: string, taints: readonly Taint[]): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const place = `${at}[${String(index)}]`;
    const { key = '', value = '', effect = '' } = taint;
    faults.invalid(`${place}.key`, key, qualifiedNameFaults(key));
    faults.invalid(`${place}.value`, value, labelValueFaults(value));
    if (effect === '') faults.required(`${place}.effect`);
    else checkTaintEffect(faults, `${place}.effect`, effect);
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) {
      const detail = 'taints must be unique by key and effect pair';
      faults.add({ type: 'duplicate', field: place, value: taint, detail });
    }
    seen.add(pair);
  }
}

/** What a node says of itself: amounts that there can be, and no address twice. */
export const nodeStatusErrors = validation<Node>((faults, { status = {} }) => {
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of Object.entries(status[list] ?? {}))
      checkResourceAmount(faults, `status.${list}.${name}`, name, amount);
  }
  const seen = new Set<string>();
  for (const [index, address] of (status.addresses ?? []).entries()) {
    const key = `${address.type ?? ''}/${address.address ?? ''}`;
    if (seen.has(key)) faults.duplicate(`status.addresses[${String(index)}]`, address);
    seen.add(key);
  }
});
