import { createHash } from 'node:crypto';
import type { Seed } from '../../sim/index.js';
import type { KubeNode } from '../nodes/index.js';
import { quantityValue, own } from '../../units/index.js';
import type { PullFailure } from './behaviour/index.js';
import type { KubeletTimings } from './timings.js';

const megabyte = 1_000_000;

/** An image's full name as containerd keeps it: `nginx` is `docker.io/library/nginx:latest`. */
export function imageReference(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const path = hasHost ? image : `docker.io/${rest.length === 0 ? 'library/' : ''}${image}`;
  return path.includes('@') || /:[^/]+$/.test(path) ? path : `${path}:latest`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The reference without tag and digest. */
const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^/]+$/, '');

const ids = new Map<string, string>();
/** Texts remembered; worlds use few different images. */
const remembered = 10_000;

/** The reference by digest, as `imageID` tells it; the digest follows from the name. */
export function imageId(reference: string): string {
  const known = ids.get(reference);
  if (known !== undefined) return known;
  const digest = /@(sha256:[0-9a-f]+)$/.exec(reference)?.[1] ?? `sha256:${sha256(reference)}`;
  const id = `${repositoryOf(reference)}@${digest}`;
  if (ids.size >= remembered) ids.clear();
  ids.set(reference, id);
  return id;
}

/** Compressed sizes of images that many use, in MB (as their registries list them, rounded). */
const usualSizes: Readonly<Record<string, number>> = {
  alpine: 3.6,
  busybox: 2.2,
  debian: 49,
  golang: 300,
  grafana: 190,
  httpd: 59,
  mongo: 280,
  mysql: 240,
  nginx: 72,
  node: 390,
  pause: 0.3,
  postgres: 158,
  prometheus: 120,
  python: 370,
  rabbitmq: 110,
  redis: 45,
  ubuntu: 30,
};
/** Smaller builds of the same software, by what their tags end with. */
const variants = { alpine: 0.2, slim: 0.25 };

/** Images that no table knows: half of them are below 120 MB (inferred), none is smaller or larger than these. */
const otherSizes = { median: 120, sigma: 0.9, least: 5, most: 2000 };

/** The size of an image in bytes: from its name, the same for all who pull it. */
export function imageSize(seed: Seed, reference: string): number {
  const repository = repositoryOf(reference);
  const known = own(usualSizes, repository.slice(repository.lastIndexOf('/') + 1));
  if (known !== undefined) {
    const variant = reference.endsWith('alpine') ? 'alpine' : reference.endsWith('slim') ? 'slim' : undefined;
    return Math.round(known * megabyte * (variant ? variants[variant] : 1));
  }
  const random = seed.stream('image-size', reference);
  const normal = Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
  const size = otherSizes.median * Math.exp(otherSizes.sigma * normal);
  return Math.round(Math.min(otherSizes.most, Math.max(otherSizes.least, size)) * megabyte);
}

/** What pulling takes on a node, in milliseconds. Pulls of different images go on side by side and don't slow each other. */
export function pullTime(size: number, node: KubeNode, { imageCheck, pullRate }: KubeletTimings): number {
  const cpus = quantityValue(node.status.capacity?.['cpu'] ?? '1');
  const rate = Math.min(pullRate.most, Math.max(pullRate.least, pullRate.perCpu * cpus));
  return Math.round(imageCheck + (size / rate) * 1000);
}

/** What containerd says of a pull that fails. */
export function pullFault(failure: PullFailure, image: string): string {
  const reference = imageReference(image);
  const where = `failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": `;
  const host = reference.slice(0, reference.indexOf('/'));
  switch (failure) {
    case 'not-found':
      return `rpc error: code = NotFound desc = ${where}${reference}: not found`;
    case 'unauthorized':
      return `rpc error: code = Unknown desc = ${where}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://${host}/oauth2/token: 401 Unauthorized`;
    case 'unreachable':
      return `rpc error: code = DeadlineExceeded desc = ${where}failed to do request: Head "https://${host}/v2/": dial tcp: i/o timeout`;
  }
}
