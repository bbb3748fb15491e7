import { describe, expect, test } from 'vitest';
import { errorText } from '../api/field-error.js';
import { metadataErrors } from '../api/metadata.js';
import { configMaps } from './core/config-map.js';
import { daemonSets } from './apps/daemon-set.js';
import { completed } from './fixtures.js';

const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1' };

describe('metadata with', () => {
  test.each([
    ['standard and qualified finalizers', { finalizers: ['orphan', 'example.com/hold'] }, []],
    [
      'a finalizer of no domain',
      { finalizers: ['hold'] },
      [
        'metadata.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    ['a base of names that ends in a hyphen', { generateName: 'web-' }, []],
    [
      'a base of names that makes none',
      { generateName: 'a..' },
      [expect.stringMatching(/^metadata.generateName: Invalid value: "a..": a lowercase RFC 1123 subdomain/)],
    ],
    [
      'an owner without a uid',
      { ownerReferences: [{ ...owner, uid: '' }] },
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
    [
      'an event as its owner',
      { ownerReferences: [{ ...owner, kind: 'Event' }] },
      [
        'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"a","uid":"1"}: /v1, Kind=Event is disallowed from being an owner',
      ],
    ],
    [
      'a key of a label that is wrong twice',
      { labels: { [`_/${'a'.repeat(64)}`]: '' } },
      [
        expect.stringMatching(/prefix part a lowercase RFC 1123 subdomain/),
        expect.stringMatching(/name part must be no more than 63 characters$/),
      ],
    ],
  ])('%s', (_, metadata, faults) => {
    const object = completed(configMaps, { metadata });
    expect(metadataErrors(configMaps, object).map(errorText)).toEqual(faults);
  });
});

test('a daemon set counts how often its template was set', () => {
  const annotation = 'deprecated.daemonset.template.generation';
  const set = (image: string) =>
    completed(daemonSets, { spec: { template: { spec: { containers: [{ name: 'a', image }] } } } });
  const before = set('one');
  expect(before.metadata.annotations).toEqual({ [annotation]: '1' });
  const counts = ['one', 'two'].map((image) => {
    const draft = { ...set(image) };
    daemonSets.prepareUpdate?.(draft, before);
    return draft.metadata.annotations?.[annotation];
  });
  expect(counts).toEqual(['1', '2']);
});
