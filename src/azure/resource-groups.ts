import { defineCollection } from '../store/index.js';
import type { Reader } from '../store/index.js';
import { AzureError } from './error.js';

export interface ResourceGroup {
  /** As it was created; names are compared without regard to letter case. */
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** ARM id of the resource that the group belongs to: a cluster's node resource group has its cluster. */
  readonly managedBy?: string;
  readonly provisioningState: 'Succeeded' | 'Deleting';
}

/** Resource groups by lower-case name. */
export const resourceGroups = defineCollection<ResourceGroup>('resourceGroups');

/** @throws AzureError 404 ResourceGroupNotFound */
export function existingResourceGroup(reader: Reader, name: string): ResourceGroup {
  const group = reader.get(resourceGroups, name.toLowerCase());
  if (group) return group;
  throw new AzureError({
    status: 404,
    code: 'ResourceGroupNotFound',
    envelope: 'arm',
    message: `Resource group '${name}' could not be found.`,
  });
}
