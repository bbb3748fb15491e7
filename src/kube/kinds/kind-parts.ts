import { defineKind } from '../resource-type.js';
import type { Draft, KindDeclaration, ResourceType } from '../resource-type.js';
import { ageColumn, nameColumn } from '../table/index.js';

export const newStatus = (draft: Draft): void => {
  draft['status'] = {};
};

/** A kind that shows its name and age alone. */
export const plain = (
  kind: Omit<KindDeclaration, 'columns'> & Partial<Pick<KindDeclaration, 'columns'>>,
): ResourceType => defineKind({ columns: [nameColumn, ageColumn], ...kind });
