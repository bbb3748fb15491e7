import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../units/index.js';
import { ConflictError, Store, TooOldError, defineCollection } from './index.js';
import type { Commit, Revision } from './index.js';

interface Pod {
  readonly node: string;
  readonly labels: readonly string[];
}

const pods = defineCollection<Pod>('pods', { byNode: (pod) => pod.node, byLabel: (pod) => pod.labels });
const now = () => instant(0);
const open = (history?: number) => Store.open({ now, collections: [pods], ...(history && { history }) });
const pod = (node: string, ...labels: string[]): Pod => ({ node, labels });
const contents = (store: Store) => store.entries(pods).map(({ key, value }) => [key, value.node]);

describe('transactions', () => {
  test('read their own writes, and commit as one revision', () => {
    const store = open();
    store.transact((tx) => {
      tx.put(pods, 'b', pod('n1'));
      tx.put(pods, 'a', pod('n1'));
      expect(tx.find(pods, 'byNode', 'n1')).toHaveLength(2);
    });
    expect([store.revision, contents(store)]).toEqual([
      1,
      [
        ['a', 'n1'],
        ['b', 'n1'],
      ],
    ]);
  });

  test('a throw leaves values and indexes as they were', () => {
    const store = open();
    store.transact((tx) => tx.put(pods, 'a', pod('n1', 'x')));
    const work = () =>
      store.transact((tx) => {
        tx.put(pods, 'a', pod('n2', 'y'));
        tx.put(pods, 'b', pod('n2'));
        throw new Error('no');
      });
    expect(work).toThrow('no');
    expect([store.revision, contents(store)]).toEqual([1, [['a', 'n1']]]);
    expect([store.count(pods, 'byLabel', 'x'), store.count(pods, 'byLabel', 'y')]).toEqual([1, 0]);
  });

  test('one that writes nothing makes no revision', () => {
    const store = open();
    store.transact((tx) => tx.delete(pods, 'a'));
    expect(store.revision).toBe(0);
  });

  test.each([
    [
      'another revision',
      (store: Store) => store.transact((tx) => tx.put(pods, 'a', pod('n2'), 7 as Revision)),
    ],
    ['absent', (store: Store) => store.transact((tx) => tx.put(pods, 'a', pod('n2'), 'absent'))],
    [
      'delete of another revision',
      (store: Store) => store.transact((tx) => tx.delete(pods, 'a', 7 as Revision)),
    ],
  ])('compare-and-swap is refused: %s', (_, write) => {
    const store = open();
    store.transact((tx) => tx.put(pods, 'a', pod('n1'), 'absent'));
    expect(() => write(store)).toThrow(ConflictError);
    expect(contents(store)).toEqual([['a', 'n1']]);
  });

  test('an index files a value under each of its terms', () => {
    const store = open();
    store.transact((tx) => tx.put(pods, 'a', pod('n1', 'x', 'y')));
    store.transact((tx) => tx.put(pods, 'a', pod('n1', 'y', 'z')));
    expect(['x', 'y', 'z'].map((label) => store.count(pods, 'byLabel', label))).toEqual([0, 1, 1]);
  });
});

describe('watches', () => {
  test('a commit made by a watcher is delivered to all after the one that caused it', () => {
    const store = open();
    const seen: [string, number][] = [];
    store.watch({}, (commit) => {
      seen.push(['first', commit.revision]);
      if (commit.revision === 1) store.transact((tx) => tx.put(pods, 'b', pod('n1')));
    });
    store.watch({}, (commit) => seen.push(['second', commit.revision]));
    store.transact((tx) => tx.put(pods, 'a', pod('n1')));
    expect(seen).toEqual([
      ['first', 1],
      ['second', 1],
      ['first', 2],
      ['second', 2],
    ]);
  });

  test('commits that are no longer kept are refused, not skipped', () => {
    const store = open(5);
    for (let i = 0; i < 20; i++) store.transact((tx) => tx.put(pods, `p${String(i)}`, pod('n1')));
    expect(() => store.watch({ from: 1 as Revision }, () => undefined)).toThrow(TooOldError);
  });

  test('a collection that changes often does not push out what a quiet one has to tell', () => {
    const quiet = defineCollection<Pod>('quiet');
    const store = Store.open({ now, collections: [pods, quiet], history: 5 });
    store.transact((tx) => tx.put(quiet, 'a', pod('n1')));
    for (let i = 0; i < 20; i++) store.transact((tx) => tx.put(pods, `p${String(i)}`, pod('n1')));
    const seen: Revision[] = [];
    store.watch({ collections: [quiet], from: 0 as Revision }, ({ revision }) => seen.push(revision));
    expect(seen).toEqual([1]);
    expect(() => store.since(1 as Revision, [pods])).toThrow(TooOldError);
  });
});

type Step = { readonly key: string; readonly node: string | undefined };
const history = fc.array(
  fc.array(
    fc.record<Step>({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      node: fc.constantFrom('n1', 'n2', undefined),
    }),
    { maxLength: 3 },
  ),
  { maxLength: 30 },
);

function apply(store: Store, steps: readonly Step[]): void {
  store.transact((tx) => {
    for (const { key, node } of steps) {
      if (node === undefined) tx.delete(pods, key);
      else tx.put(pods, key, pod(node));
    }
  });
}

describe('any history', () => {
  test('a watcher that joins at any revision sees each later one once, in order, and ends with the same objects', () => {
    fc.assert(
      fc.property(history, fc.nat(30), (transactions, joinsAfter) => {
        const store = open();
        const replica = new Map<string, string>();
        const seen: number[] = [];
        const follow = (commit: Commit) => {
          seen.push(commit.revision);
          for (const { key, after } of commit.changes) {
            if (after === undefined) replica.delete(key);
            else replica.set(key, (after as Pod).node);
          }
        };
        transactions.forEach((steps, index) => {
          if (index === joinsAfter) store.watch({ from: 0 as Revision }, follow);
          apply(store, steps);
        });
        if (joinsAfter >= transactions.length) store.watch({ from: 0 as Revision }, follow);
        expect(seen).toEqual(Array.from({ length: store.revision }, (_, index) => index + 1));
        expect([...replica].sort()).toEqual(contents(store));
      }),
    );
  });

  test('neither a fork nor its parent sees what the other writes', () => {
    fc.assert(
      fc.property(history, history, history, (shared, parents, forks) => {
        const parent = open();
        for (const steps of shared) apply(parent, steps);
        const fork = parent.fork(now);
        const alone = parent.fork(now);
        for (const steps of forks) apply(fork, steps);
        expect(contents(parent)).toEqual(contents(alone));
        const forked = contents(fork);
        for (const steps of parents) apply(parent, steps);
        expect(contents(fork)).toEqual(forked);
      }),
    );
  });

  test('interleaved read-modify-write by compare-and-swap loses no update', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 60 }), (turns) => {
        const counters = defineCollection<number>('counters');
        const store = Store.open({ now, collections: [counters] });
        store.transact((tx) => tx.put(counters, 'n', 0));
        const read = [0, 1, 2].map(() => store.entry(counters, 'n'));
        let accepted = 0;
        for (const client of turns) {
          const { value, revision } = read[client] ?? { value: 0, revision: 0 as Revision };
          try {
            store.transact((tx) => tx.put(counters, 'n', value + 1, revision));
            accepted++;
          } catch (error) {
            expect(error).toBeInstanceOf(ConflictError);
          }
          read[client] = store.entry(counters, 'n');
        }
        expect(store.get(counters, 'n')).toBe(accepted);
      }),
    );
  });
});

describe('a collection that is declared later', () => {
  const later = defineCollection<Pod>('later', { byNode: (value) => value.node });

  test('is unknown until then', () => {
    expect(() => open().get(later, 'a')).toThrow("without the collection 'later'");
  });

  test('finds what the journal kept of it, by its indexes', () => {
    const rows = [{ collection: 'later', key: 'a', value: pod('n1'), revision: 3 as Revision }];
    const journal = {
      recover: () => ({ revision: 3 as Revision, rows }),
      check: () => undefined,
      append: () => undefined,
      flush: async () => undefined,
      close: async () => undefined,
    };
    const store = Store.open({ now, collections: [pods], journal });
    store.declare(later);
    expect(store.findEntries(later, 'byNode', 'n1').map(({ key, revision }) => [key, revision])).toEqual([
      ['a', 3],
    ]);
  });

  test('keeps what it holds when it is declared again, and is its own in a fork', () => {
    const store = open();
    store.declare(later);
    store.transact((tx) => tx.put(later, 'a', pod('n1')));
    const fork = store.fork(now);
    fork.declare(later);
    fork.transact((tx) => tx.put(later, 'b', pod('n1')));
    expect([store.count(later, 'byNode', 'n1'), fork.count(later, 'byNode', 'n1')]).toEqual([1, 2]);
  });

  test('counts its writes, those that are undone too', () => {
    const store = open();
    const before = store.writesTo(pods);
    store.transact((tx) => tx.put(pods, 'a', pod('n1')));
    const after = store.writesTo(pods);
    expect(after).toBeGreaterThan(before);
    store.transact((tx) => tx.delete(pods, 'none'));
    expect(store.writesTo(pods)).toBe(after);
  });
});
