import { describe, expect, test } from 'vitest';
import type { KubeNode, Pod } from '../../kube/index.js';
import { node, pod, scoresOf } from '../fixtures.js';

const mebibyte = 1024 * 1024;

/** A node with images of so many MiB, by name. */
const withImages = (name: string, images: Readonly<Record<string, number>>): KubeNode =>
  node(name, {
    images: Object.entries(images).map(([image, size]) => ({ names: [image], sizeBytes: size * mebibyte })),
  });
const using = (...images: readonly string[]): Pod =>
  pod('p', { spec: { containers: images.map((image, at) => ({ name: `c${String(at)}`, image })) } });
const scores = (nodes: readonly KubeNode[], one: Pod, version = '1.34.2') =>
  Object.values(scoresOf('ImageLocality', { version, nodes, pod: one })).map((score) => score ?? 0);

describe('ImageLocality', () => {
  // floor(100 x (sum - 23) / (1000 - 23)), in MiB, of a container's image that all nodes have.
  test.each([
    [0, 0],
    [22, 0],
    [23, 0],
    [24, 0],
    [32, 0],
    [33, 1],
    [511, 49],
    [512, 50],
    [999, 99],
    [1000, 100],
    [1001, 100],
    [5000, 100],
  ])('an image of %i MiB on all nodes scores %i', (size, score) => {
    const nodes = [withImages('a', { 'app:1': size }), withImages('b', { 'app:1': size })];
    expect(scores(nodes, using('app:1'))).toEqual([score, score]);
  });

  // The size counts by the share of nodes that have the image.
  test.each([
    // 500 x 1/2 = 250: 23.2.
    [500, 1, 2, 23],
    // 500 x 1/4 = 125: 10.4.
    [500, 1, 4, 10],
    [500, 3, 4, 36],
    [2000, 1, 2, 100],
    [2000, 1, 4, 48],
    // 40 x 1/2 = 20 is not worth it.
    [40, 1, 2, 0],
  ])('%i MiB on %i of %i nodes score %i there', (size, having, all, score) => {
    const nodes = Array.from({ length: all }, (_, at) =>
      withImages(`n${String(at)}`, at < having ? { 'app:1': size } : {}),
    );
    const expected = nodes.map((_, at) => (at < having ? score : 0));
    expect(scores(nodes, using('app:1'))).toEqual(expected);
  });

  test.each<[what: string, one: Pod, score: number]>([
    // Sums and thresholds: 1000 MiB a container.
    ['two containers', using('app:1', 'tool:1'), Math.floor((100 * (400 + 300 - 23)) / (2000 - 23))],
    ['two containers of one image', using('app:1', 'app:1'), Math.floor((100 * (800 - 23)) / (2000 - 23))],
    [
      'a container whose image is nowhere',
      using('app:1', 'none:1'),
      Math.floor((100 * (400 - 23)) / (2000 - 23)),
    ],
    [
      'an init container',
      pod('p', {
        spec: {
          initContainers: [{ name: 'i', image: 'tool:1' }],
          containers: [{ name: 'c', image: 'app:1' }],
        },
      }),
      Math.floor((100 * (700 - 23)) / (2000 - 23)),
    ],
  ])('%s', (_what, one, score) => {
    const images = { 'app:1': 400, 'tool:1': 300 };
    expect(scores([withImages('a', images), withImages('b', images)], one)).toEqual([score, score]);
  });

  // 512 MiB score 50 where the names are the same.
  test.each([
    ['app', 'app:latest', 50],
    ['app:latest', 'app:latest', 50],
    ['app:latest', 'app', 0],
    ['app', 'app', 0],
    ['app:1', 'app:2', 0],
    ['app:1', 'docker.io/library/app:1', 0],
    ['registry.io/app', 'registry.io/app:latest', 50],
    ['registry.io:5000/app', 'registry.io:5000/app:latest', 50],
    ['registry.io:5000/app:1', 'registry.io:5000/app:1', 50],
    ['app@sha256:abc', 'app@sha256:abc', 50],
    ['App:1', 'app:1', 0],
  ])('a pod that says %s and a node that says %s: %i', (wanted, present, score) => {
    const nodes = [withImages('a', { [present]: 512 }), withImages('b', { [present]: 512 })];
    expect(scores(nodes, using(wanted))).toEqual([score, score]);
  });

  test('an image has several names', () => {
    const images = [{ names: ['app@sha256:abc', 'app:1'], sizeBytes: 512 * mebibyte }];
    const nodes = [node('a', { images }), node('b', { images })];
    expect([scores(nodes, using('app:1')), scores(nodes, using('app@sha256:abc'))]).toEqual([
      [50, 50],
      [50, 50],
    ]);
  });

  test('a size is what the first node told that had the image', () => {
    const nodes = [withImages('a', { 'app:1': 512 }), withImages('b', { 'app:1': 100 })];
    expect(scores(nodes, using('app:1'))).toEqual([50, 50]);
  });

  test.each([
    // Only 1.36 looks at them: 512 of 1000 with one container, then 1024, which is more than that container counts.
    ['1.35.0', 50],
    ['1.36.0', 100],
  ])('images that are mounted as volumes, in %s', (version, score) => {
    const images = { 'app:1': 512, 'model:1': 512 };
    const one = pod('p', {
      spec: {
        containers: [{ name: 'c', image: 'app:1' }],
        volumes: [{ name: 'v', image: { reference: 'model:1' } }],
      },
    });
    expect(scores([withImages('a', images), withImages('b', images)], one, version)).toEqual([score, score]);
  });

  test.each([
    ['1.35.0', [0, 0]],
    // 900 x 1/2 = 450 of 1000 MiB: 100 x 427 / 977.
    ['1.36.0', [43, 0]],
  ])('in %s a node that has such an image scores %j', (version, expected) => {
    const one = pod('p', {
      spec: {
        containers: [{ name: 'c', image: 'none:1' }],
        volumes: [
          { name: 'v', image: { reference: 'model:1' } },
          { name: 'w', emptyDir: {} },
        ],
      },
    });
    expect(scores([withImages('a', { 'model:1': 900 }), node('b')], one, version)).toEqual(expected);
  });
});
