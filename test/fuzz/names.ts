const often = (times: number, word: string): readonly string[] => Array.from({ length: times }, () => word);

/** Namespaces to work in; requests may delete them, and make them anew. */
export const fuzzNamespaces: readonly string[] = ['fuzz-1', 'fuzz-2'];
export const namespaces: readonly string[] = [
  ...often(9, 'default'),
  ...often(9, 'fuzz-1'),
  ...often(2, 'fuzz-2'),
  'none',
  'kube-system',
];
/** Few, so that the same objects are met again and their number stays bounded. */
export const names: readonly string[] = Array.from({ length: 3 }, (_, index) => `fuzz-${String(index)}`);
