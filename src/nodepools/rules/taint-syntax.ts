export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: TaintEffect;
}

/** The taint AKS puts on Spot pools. */
export const spotTaint = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';

const pattern =
  /^([a-zA-Z\d][\w\-./]{0,252})(?:=([a-zA-Z\d][\w\-.]{0,62})?)?:(NoSchedule|PreferNoSchedule|NoExecute)$/;

/** Reads `key=value:Effect` (the value may be absent, as in Kubernetes); `undefined` when it is not a taint. */
export function parseTaint(text: string): Taint | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, key = '', value, effect] = match;
  return { key, ...(value !== undefined && { value }), effect: effect as TaintEffect };
}
