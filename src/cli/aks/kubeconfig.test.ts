import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { mergeKubeconfig } from './kubeconfig.js';

const config = (name: string, server = 'https://a') =>
  JSON.stringify({
    clusters: [{ name, cluster: { server } }],
    users: [{ name: `user_${name}`, user: { token: 't' } }],
    contexts: [{ name, context: { cluster: name, user: `user_${name}` } }],
    'current-context': name,
  });
const names = (text: string) => {
  const { contexts, 'current-context': current } = parse(text) as {
    contexts: { name: string }[];
    'current-context': string;
  };
  return [contexts.map(({ name }) => name), current];
};

describe('kubeconfig', () => {
  test.each([
    ['an empty file', '', ['shop'], 'shop'],
    ['another cluster', config('other'), ['other', 'shop'], 'shop'],
    ['the same cluster', config('shop'), ['shop'], 'shop'],
  ])('is merged into %s', (_, existing, contexts, current) => {
    const merged = mergeKubeconfig(existing, config('shop'), { overwrite: false });
    expect(names(merged.text)).toEqual([contexts, current]);
  });

  test('replaces another of the same name only when told so', () => {
    const existing = config('shop', 'https://old');
    expect(() => mergeKubeconfig(existing, config('shop'), { overwrite: false })).toThrow(
      /--overwrite-existing/,
    );
    expect(mergeKubeconfig(existing, config('shop'), { overwrite: true }).text).toContain('https://a');
  });

  test('takes another name for its context', () => {
    const merged = mergeKubeconfig('', config('shop'), { overwrite: false, context: 'mine' });
    expect([names(merged.text), merged.context]).toEqual([[['mine'], 'mine'], 'mine']);
  });

  test('is not merged into what is none', () => {
    expect(() => mergeKubeconfig('- 1', config('shop'), { overwrite: true })).toThrow(/no kubeconfig/);
  });
});
