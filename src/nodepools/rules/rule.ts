import type { AzureError } from '../../azure/index.js';
import type { AgentPoolProperties, AgentPoolPropertiesInput, PoolContext, VmSizeFacts } from '../model.js';
import type { Version } from '../versions/index.js';

/** A pool as it would be stored, with what the rules may look at. */
export interface PoolModel {
  readonly pool: AgentPoolProperties;
  /** As stored before; absent while the pool is created. */
  readonly current?: AgentPoolProperties;
  /** What the request gives, without defaults. */
  readonly sent: AgentPoolPropertiesInput;
  readonly ctx: PoolContext;
  /** Absent for a stored pool whose size the catalogue no longer has. */
  readonly size: VmSizeFacts | undefined;
  /** The version the pool runs. */
  readonly version: Version;
}

/** One documented rule. `check` answers AKS's refusal, or nothing when the pool obeys. */
export interface PoolRule {
  readonly name: string;
  /** `create`: only new pools are held to it; AKS lets existing ones live on. */
  readonly when: 'create' | 'always';
  readonly check: (model: PoolModel) => AzureError | undefined;
}

export const onCreate = (name: string, check: PoolRule['check']): PoolRule => ({
  name,
  when: 'create',
  check,
});
export const always = (name: string, check: PoolRule['check']): PoolRule => ({ name, when: 'always', check });

/** The first rule in the list that the pool breaks decides the answer. */
export function enforce(rules: readonly PoolRule[], model: PoolModel): void {
  for (const rule of rules) {
    if (rule.when === 'create' && model.current) continue;
    const error = rule.check(model);
    if (error) throw error;
  }
}
