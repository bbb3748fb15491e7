import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { Learned } from './learned.js';
import type { FuzzKind, FuzzMaterial } from './requests.js';
import type { Json } from './values.js';

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly {
        readonly resource: string;
        readonly responseKind: { readonly kind: string };
        readonly scope: 'Namespaced' | 'Cluster';
        readonly subresources?: readonly { readonly subresource: string }[];
      }[];
    }[];
  }[];
}

/** What a client asks discovery with, to get all of it at once. */
export const discoveryType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function kindsIn(text: string): readonly FuzzKind[] {
  const { items } = JSON.parse(text) as Discovery;
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map(({ resource, responseKind, scope, subresources = [] }) => {
        const apiVersion = metadata.name ? `${metadata.name}/${version}` : version;
        return {
          root: metadata.name ? `/apis/${apiVersion}` : `/api/${version}`,
          plural: resource,
          kind: responseKind.kind,
          apiVersion,
          namespaced: scope === 'Namespaced',
          subresources: subresources.map(({ subresource }) => subresource),
        };
      }),
    ),
  );
}

/**
 * What requests are made from: the kinds that the server's discovery tells, and an object of each kind that people write.
 *
 * @param discovery the aggregated documents of `/api` and `/apis`.
 */
export function materialFrom(discovery: readonly string[]): FuzzMaterial {
  const manifest = readFileSync(new URL('../wire/manifests/every-kind.yaml', import.meta.url), 'utf8');
  const objects = parseAllDocuments(manifest).map(
    (document) => document.toJS() as { apiVersion: string; kind: string },
  );
  const samples = new URL('../../src/servers/kubernetes/protobuf/samples.json', import.meta.url);
  const protobufs = (JSON.parse(readFileSync(samples, 'utf8')) as readonly { protobuf: string }[]).map(
    ({ protobuf }) => Buffer.from(protobuf, 'base64'),
  );
  const templates = new Map(objects.map((object) => [`${object.apiVersion}/${object.kind}`, object as Json]));
  const kinds = discovery.flatMap(kindsIn);
  const withTemplate = kinds.filter(({ apiVersion, kind }) => templates.has(`${apiVersion}/${kind}`));
  return {
    // Where there is a valid object to begin with, more can come of it.
    kinds: [...kinds, ...withTemplate, ...withTemplate, ...withTemplate],
    templates,
    protobufs,
    learned: new Learned(),
  };
}
