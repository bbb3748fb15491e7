import { describe, expect, test } from 'vitest';
import { checking } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { configMaps } from './config-map.js';
import { secrets } from './secret.js';

const configMap = checking(configMaps, { data: { key: 'value' } });
const secret = checking(secrets, { data: { key: 'dmFsdWU=' } });
const key =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const immutable = 'field is immutable when `immutable` is set';
const megabyte = 1024 * 1024;

describe('a config map with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    ['a key with a space', { data: { 'a b': '' } }, [`data[a b]: Invalid value: "a b": ${key}`]],
    ['a key of dots', { data: { '..': '' } }, [`data[..]: Invalid value: "..": must not be '..'`]],
    [
      'a key that begins with dots',
      { data: { '..a': '' } },
      [`data[..a]: Invalid value: "..a": must not start with '..'`],
    ],
    [
      'the same key as text and as bytes',
      { binaryData: { key: '' } },
      ['data[key]: Invalid value: "key": duplicate of key present in binaryData'],
    ],
    ['a megabyte', { data: { key: 'x'.repeat(megabyte) } }, []],
    [
      'more than a megabyte',
      { data: { key: 'x'.repeat(megabyte + 1) } },
      ['[]: Too long: may not be more than 1048576 bytes'],
    ],
  ])('%s', (_, change, faults) => expect(configMap.faults(change)).toEqual(faults));

  test.each<readonly [string, Change, readonly string[]]>([
    ['its labels', { immutable: true, metadata: { labels: { a: 'b' } } }, []],
    ['its data', { immutable: true, data: { key: 'other' } }, [`data: Forbidden: ${immutable}`]],
    ['its bytes', { immutable: true, binaryData: { b: '' } }, [`binaryData: Forbidden: ${immutable}`]],
    ['that it is immutable', {}, [`immutable: Forbidden: ${immutable}`]],
  ])('an immutable one: %s', (_, change, faults) =>
    expect(configMap.changeFaults({ immutable: true }, change)).toEqual(faults),
  );
});

describe('a secret', () => {
  const typed = (type: string, data: Change = {}): Change => ({ type: `kubernetes.io/${type}`, data });
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  test.each<readonly [string, Change, readonly string[]]>([
    ['with nothing wrong', {}, []],
    ['with a key with a slash', { data: { 'a/b': '' } }, [`data[a/b]: Invalid value: "a/b": ${key}`]],
    [
      'of more than a megabyte',
      { data: { key: base64('x'.repeat(megabyte + 1)) } },
      ['data: Too long: may not be more than 1048576 bytes'],
    ],
    ['for TLS', typed('tls'), ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
    [
      'for basic authentication',
      typed('basic-auth'),
      ['data[username]: Required value', 'data[password]: Required value'],
    ],
    ['for basic authentication by a password alone', typed('basic-auth', { password: '' }), []],
    ['for SSH', typed('ssh-auth'), ['data[ssh-privatekey]: Required value']],
    ['for a registry', typed('dockerconfigjson'), ['data[.dockerconfigjson]: Required value']],
    [
      'for a registry, in no JSON',
      typed('dockerconfigjson', { '.dockerconfigjson': base64('x') }),
      [
        'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'x\' looking for beginning of value',
      ],
    ],
    ['for a registry, in JSON', typed('dockerconfigjson', { '.dockerconfigjson': base64('{}') }), []],
    [
      'for an account',
      typed('service-account-token'),
      ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
    ],
    ['in text', { stringData: { key: 'other' } }, []],
  ])('%s', (_, change, faults) => expect(secret.faults(change)).toEqual(faults));

  test('keeps its type', () =>
    expect(secret.changeFaults({}, { type: 'example.com/mine' })).toEqual([
      'type: Invalid value: "example.com/mine": field is immutable',
    ]));
});
