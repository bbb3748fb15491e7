export type { Brand } from './brand.js';
export { own, put } from './own.js';
export * from './time.js';
export { formatIpv4Address, overlaps, parseIpv4Address, parseIpv4Range } from './ipv4-range.js';
export type { Ipv4Range } from './ipv4-range.js';
export {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  fromMilli,
  isQuantity,
  milliValue,
  quantityValue,
  subtractQuantities,
} from './quantity.js';
