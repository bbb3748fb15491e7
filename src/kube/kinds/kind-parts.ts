import { defineKind } from '../resource-type.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { ageColumn, nameColumn } from '../table/index.js';

export const newStatus = (draft: Draft): void => {
  draft['status'] = {};
};

/** A kind that shows its name and age alone. */
export const plain = (
  kind: Pick<ResourceType, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'> &
    Partial<ResourceType> & { schema: string },
): ResourceType => defineKind({ columns: [nameColumn, ageColumn], ...kind });
