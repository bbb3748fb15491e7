import { isRestricted } from '../../azure/index.js';
import type { Catalog } from '../../azure/index.js';
import type { Reader } from '../../store/index.js';
import type { PoolCatalog } from '../model.js';

/** The catalogue without the sizes and zones that the subscription is not offered at present. */
export const offered = (reader: Reader, catalog: Catalog): PoolCatalog => ({
  vmSize: (name) => catalog.vmSize(name),
  region: (name) => catalog.region(name),
  offers: (location, size) => catalog.offers(location, size) && !isRestricted(reader, { location, size }),
  zonesOf: (location, size) =>
    catalog.zonesOf(location, size).filter((zone) => !isRestricted(reader, { location, size, zone })),
});
