import type { Reader } from '../../store/index.js';
import { apiServices, externalServices } from '../kinds/index.js';
import type { ApiService } from '../kinds/index.js';

/** Groups and versions that a cluster leaves to services of its own: none of these can be reached (Kubernetes: aggregation). */
export const externalGroupVersions = (reader: Reader, cluster: string): readonly string[] =>
  reader.find(apiServices.collection, externalServices, cluster).map(({ object }) => {
    const { group = '', version = '' } = (object as ApiService).spec;
    return `${group}/${version}`;
  });
