import type { Catalog, Region } from '../catalog.js';
import type { Subscription } from '../subscription.js';

/** `locations` of a subscription: every region, with its zones. */
export const renderLocations = (subscription: Subscription, catalog: Catalog) => ({
  value: catalog.regions().map((region) => renderRegion(`/subscriptions/${subscription.id}`, region)),
});

const renderRegion = (subscriptionId: string, region: Region) => ({
  id: `${subscriptionId}/locations/${region.name}`,
  name: region.name,
  type: 'Region',
  displayName: region.displayName,
  regionalDisplayName: `(${region.geographyGroup ?? 'Other'}) ${region.displayName}`,
  metadata: {
    regionType: 'Physical',
    regionCategory: region.category,
    geographyGroup: region.geographyGroup,
    ...(region.longitude !== null && { longitude: String(region.longitude) }),
    ...(region.latitude !== null && { latitude: String(region.latitude) }),
    physicalLocation: region.physicalLocation,
    pairedRegion:
      region.pairedRegion === null
        ? []
        : [{ name: region.pairedRegion, id: `${subscriptionId}/locations/${region.pairedRegion}` }],
  },
  // Which datacentres a logical zone stands for differs by subscription; a world has one, and numbers them alike.
  ...(region.zones.length > 0 && {
    availabilityZoneMappings: region.zones.map((zone) => ({
      logicalZone: zone,
      physicalZone: `${region.name}-az${zone}`,
    })),
  }),
});
