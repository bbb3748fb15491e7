import type { ImageState } from '../cache/images.js';
import { maxNodeScore } from '../framework/normalize.js';
import type { Plugin } from '../framework/plugin.js';

const name = 'ImageLocality';
const mebibyte = 1024 * 1024;
/** Less than this is not worth a preference; more than this a container does not count (ImageLocality: thresholds). */
const least = 23 * mebibyte;
const mostPerContainer = 1000 * mebibyte;

/** Prefers nodes that have the pod's images, the more of other nodes have them too the more. */
export const imageLocality: Plugin = {
  name,
  dependsOn: 'cluster',
  weight: 1,
  compile: ({ pod: { spec } }, { cache, features }) => {
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    const mounted = features.imageVolumes
      ? (spec.volumes ?? []).flatMap(({ image }) => (image?.reference ? [image.reference] : []))
      : [];
    const names = [...containers.flatMap(({ image }) => (image ? [image] : [])), ...mounted];
    const images = names.map((image) => cache.images.of(image));
    // Images that are mounted add to the sum alone.
    const most = mostPerContainer * containers.length;
    return {
      scorer: () => ({
        prepare: () => (images.some(({ nodes }) => nodes > 0) ? 'score' : 'skip'),
        score: ({ slot }) => {
          const sum = images.reduce((total, image) => total + weightOn(image, slot, cache.nodes.length), 0);
          const within = Math.min(Math.max(sum, least), most);
          return Math.floor((maxNodeScore * (within - least)) / (most - least));
        },
      }),
    };
  },
};

/** An image's size, scaled by the share of nodes that have it: so no node draws all pods of an image that only it has. */
function weightOn(image: ImageState, slot: number, nodes: number): number {
  const size = image.sizeOn(slot);
  return size === undefined ? 0 : Math.floor(size * (image.nodes / nodes));
}
