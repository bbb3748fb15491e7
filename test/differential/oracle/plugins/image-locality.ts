import { quotient } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { scoresImageVolumes } from '../version.js';

const mebibyte = 1024 * 1024;
const least = 23 * mebibyte;
const mostPerContainer = 1000 * mebibyte;

/** Prefers nodes that have the pod's images already, by size, and the less so the fewer nodes have them. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  score: ({ pod, cluster, version }, feasible) => {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const volumes = scoresImageVolumes(version)
      ? (pod.spec.volumes ?? []).flatMap(({ image }) => image?.reference ?? [])
      : [];
    const wanted = [...containers.map(({ image = '' }) => image), ...volumes].map(normalizedName);
    const most = mostPerContainer * containers.length;
    return feasible.map(({ node }) => {
      const present = new Set((node.status?.images ?? []).flatMap(({ names = [] }) => names));
      const sum = wanted
        .filter((name) => present.has(name))
        .map((name) => cluster.images.get(name) ?? { sizeBytes: 0, nodes: 0 })
        .reduce(
          (total, image) => total + Math.trunc(image.sizeBytes * (image.nodes / cluster.nodes.length)),
          0,
        );
      return quotient(100 * (Math.min(Math.max(sum, least), most) - least), most - least);
    });
  },
};

/** With the tag that is meant when there is none. */
const normalizedName = (name: string): string =>
  name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
