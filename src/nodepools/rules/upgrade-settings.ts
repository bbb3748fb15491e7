import type { AzureError } from '../../azure/index.js';
import type { AgentPoolUpgradeSettings } from '../model.js';
import { invalidPool } from '../refusal.js';
import { always } from './rule.js';

/** AKS's default since 1.32: a tenth of the pool, and no node taken away before its replacement is there. */
export const defaultUpgradeSettings = { maxSurge: '10%', maxUnavailable: '0' } as const;

const member = (name: keyof AgentPoolUpgradeSettings): string => `upgradeSettings.${name}`;

/** Nodes or percent of "3" and "33%"; `undefined` for anything else. */
function amountOf(text: string): { value: number; percent: boolean } | undefined {
  const match = /^(\d{1,4})(%?)$/.exec(text);
  return match ? { value: Number(match[1]), percent: match[2] === '%' } : undefined;
}

function amountError(name: 'maxSurge' | 'maxUnavailable', text: string | undefined): AzureError | undefined {
  if (text === undefined) return undefined;
  const amount = amountOf(text);
  if (!amount)
    return invalidPool(
      member(name),
      `'${text}' is neither a number of nodes ("5") nor a percentage ("33%").`,
    );
  const most = amount.percent ? 100 : 1000;
  return amount.value > most
    ? invalidPool(member(name), `'${text}' is more than ${most}${amount.percent ? '%' : ''}.`)
    : undefined;
}

const isZero = (text: string | undefined): boolean => text !== undefined && amountOf(text)?.value === 0;

const between = (
  name: 'drainTimeoutInMinutes' | 'nodeSoakDurationInMinutes',
  value: number | undefined,
  min: number,
  max: number,
): AzureError | undefined =>
  value === undefined || (value >= min && value <= max)
    ? undefined
    : invalidPool(member(name), `${value} is not between ${min} and ${max} minutes.`);

/** `upgradeSettings` (AKS: customize node surge, drain timeout and soak). */
export const upgradeSettingsRules = [
  always('surge', ({ pool }) => amountError('maxSurge', pool.upgradeSettings?.maxSurge)),
  always('unavailable', ({ pool }) => amountError('maxUnavailable', pool.upgradeSettings?.maxUnavailable)),
  always('surge or unavailable', ({ pool }) => {
    const { maxSurge, maxUnavailable } = pool.upgradeSettings ?? {};
    return isZero(maxSurge) && (maxUnavailable === undefined || isZero(maxUnavailable))
      ? invalidPool(member('maxSurge'), '0 is only allowed when maxUnavailable is greater than 0.')
      : undefined;
  }),
  always('no unavailable nodes in System pools', ({ pool }) => {
    const { maxUnavailable } = pool.upgradeSettings ?? {};
    return pool.mode === 'System' && maxUnavailable !== undefined && !isZero(maxUnavailable)
      ? invalidPool(member('maxUnavailable'), "it can't be set on a System pool.")
      : undefined;
  }),
  always('drain timeout', ({ pool }) =>
    between('drainTimeoutInMinutes', pool.upgradeSettings?.drainTimeoutInMinutes, 1, 1440),
  ),
  always('soak duration', ({ pool }) =>
    between('nodeSoakDurationInMinutes', pool.upgradeSettings?.nodeSoakDurationInMinutes, 0, 30),
  ),
];
