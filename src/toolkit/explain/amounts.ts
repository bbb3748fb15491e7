import { milliValue, quantityValue } from '../../units/index.js';

const mebi = 1024 ** 2;
const gibi = 1024 ** 3;

type Rounding = 'down' | 'up';

const isBytes = (resource: string): boolean =>
  resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-');

/** A number with two decimals at the most; what is free is rounded down and what is missing up, so that neither flatters. */
function rounded(value: number, rounding: Rounding): string {
  const hundredths = rounding === 'down' ? Math.floor(value * 100 + 1e-9) : Math.ceil(value * 100 - 1e-9);
  return String(hundredths / 100);
}

/** An amount of a resource with its unit: `1.5 vCPU`, `2.25 GiB`, `3`. cpu is given in thousandths, memory in bytes. */
export function amountText(resource: string, amount: number, rounding: Rounding = 'down'): string {
  if (resource === 'cpu') return `${rounded(amount / 1000, rounding)} vCPU`;
  if (!isBytes(resource)) return String(amount);
  const [unit, size] = amount >= gibi ? ['GiB', gibi] : ['MiB', mebi];
  return `${rounded(amount / size, rounding)} ${unit}`;
}

/** A resource as people call it. */
export const resourceText = (resource: string): string =>
  resource === 'ephemeral-storage' ? 'temporary storage' : resource;

/** The quantity to be written for an amount, rounded down to what people write: 10m, 1Mi. */
export function quantityText(resource: string, amount: number): string {
  if (resource === 'cpu') return `${String(Math.floor(amount / 10) * 10)}m`;
  return isBytes(resource) ? `${String(Math.floor(amount / mebi))}Mi` : String(Math.floor(amount));
}

/** What `quantityText` writes, as an amount. */
export function writableAmount(resource: string, amount: number): number {
  if (resource === 'cpu') return Math.floor(amount / 10) * 10;
  return isBytes(resource) ? Math.floor(amount / mebi) * mebi : Math.floor(amount);
}

/** `1 node`, `3 nodes`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export function listed(texts: readonly string[], word = 'and'): string {
  if (texts.length <= 1) return texts[0] ?? '';
  return `${texts.slice(0, -1).join(', ')} ${word} ${texts.at(-1) ?? ''}`;
}

/** A quantity of a resource as an amount: cpu in thousandths, all else in whole units. */
export const requestAmount = (resource: string, quantity: string): number =>
  resource === 'cpu' ? milliValue(quantity) : Math.ceil(quantityValue(quantity));
