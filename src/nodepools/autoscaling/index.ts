export { AksCloud } from './aks-cloud.js';
export { evictSpotVms } from './spot-eviction.js';
