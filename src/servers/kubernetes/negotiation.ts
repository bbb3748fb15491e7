import { StatusError } from '../../kube/index.js';

/** How an answer is written. */
export interface Representation {
  readonly as: 'object' | 'table' | 'metadata';
  readonly format: 'json' | 'yaml';
  /** Version of meta.k8s.io for tables and metadata. */
  readonly version: string;
}

const supported = ['application/json', 'application/yaml'];
const plainJson: Representation = { as: 'object', format: 'json', version: 'v1' };

/**
 * The first media type of `Accept` that can be answered (API conventions: alternate representations).
 *
 * @throws StatusError 406 when there is none.
 */
export function negotiate(accept: string | undefined): Representation {
  if (accept === undefined || accept.trim() === '') return plainJson;
  for (const clause of accept.split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    const options = new Map(parameters.map((part) => part.split('=', 2) as [string, string]));
    const as = options.get('as');
    if (
      type === 'application/json' &&
      (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
    ) {
      const version = options.get('v') ?? 'v1';
      if (options.get('g') !== 'meta.k8s.io' || !/^v1(beta1)?$/.test(version)) continue;
      return { as: as === 'Table' ? 'table' : 'metadata', format: 'json', version };
    }
    if (as !== undefined) continue;
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return plainJson;
    if (type === 'application/yaml') return { as: 'object', format: 'yaml', version: 'v1' };
  }
  throw StatusError.notAcceptable(supported);
}
