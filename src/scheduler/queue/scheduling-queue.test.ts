import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../../units/index.js';
import { ClusterCache } from '../cache/cluster-cache.js';
import { pod } from '../fixtures.js';
import { Heap } from './heap.js';
import { SchedulingQueue } from './scheduling-queue.js';
import type { PodGroup, QueuedPod } from './scheduling-queue.js';

const cache = new ClusterCache();
const infoOf = (name: string, priority = 0) => cache.describe(pod(name, { priority }));
const start = 1_000_000;
const at = (seconds: number) => instant(start + 1000 * seconds);
const someone = new Set(['NodeResourcesFit']);

let queue: SchedulingQueue;
beforeEach(() => {
  queue = new SchedulingQueue();
});

/** Adds pods as `name`, `name:priority` or `group/name:priority`; each is a group of its own unless it says one. */
function add(...texts: readonly string[]): void {
  for (const text of texts) {
    const [path = '', priority = '0'] = text.split(':');
    const [name = '', group = name] = path.split('/').reverse();
    queue.add(group, infoOf(name, Number(priority)));
  }
}
function take(): { readonly pod: QueuedPod; readonly group: PodGroup } {
  const next = queue.next();
  if (!next) throw new Error('Nobody waits');
  return next;
}
/** Takes the next pod and refuses it. */
function refuse(seconds: number): string {
  const { pod: next, group } = take();
  queue.park(group, next, someone, at(seconds));
  queue.goOn(group, at(seconds));
  return next.info.uid;
}
/** Takes pods until there is none, and puts each on a node. */
function drain(seconds = 0): string {
  const names: string[] = [];
  for (let next = queue.next(); next; next = queue.next()) {
    names.push(next.pod.info.uid);
    queue.remove(next.pod.info.uid);
    queue.goOn(next.group, at(seconds));
  }
  return names.join(' ');
}
function wakeAll(seconds: number): void {
  for (const group of [...queue.parkedGroups()]) queue.wake(group, at(seconds));
}

describe('the order of pods (PrioritySort)', () => {
  test.each<[readonly string[], string]>([
    [[], ''],
    [['a', 'b', 'c'], 'a b c'],
    [['low:1', 'high:9', 'middle:5'], 'high middle low'],
    [['negative:-5', 'none'], 'none negative'],
    [['a:1', 'b:2', 'c:1', 'd:2'], 'b d a c'],
    // Groups are served by their first pod, not one after the other.
    [['g/a', 'h/b', 'g/c', 'h/d'], 'a b c d'],
    [['g/a:1', 'h/b:5', 'g/c:1', 'h/d:5'], 'b d a c'],
    [['g/a', 'g/b', 'g/c', 'h/d'], 'a b c d'],
  ])('%j come as %s', (pods, order) => {
    add(...pods);
    expect(drain()).toBe(order);
    expect([queue.size, queue.hasNext]).toEqual([0, false]);
  });
});

describe('a pod that is refused', () => {
  test('waits until it is woken', () => {
    add('a');
    refuse(0);
    expect([queue.hasNext, queue.next(), queue.size]).toEqual([false, undefined, 1]);
    wakeAll(0);
    expect(drain()).toBe('a');
  });

  test('backs off longer each time, from when it was refused', () => {
    add('a');
    const waits = [0, 20, 40, 60, 80, 100].map((seconds) => {
      refuse(seconds);
      const { backoffUntil = 0 } = queue.get('a') ?? {};
      wakeAll(seconds);
      return (backoffUntil - at(seconds)) / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 10, 10]);
  });

  test('comes after all that do not back off, and at once when there is no other', () => {
    add('a:9');
    refuse(0);
    wakeAll(0);
    add('b');
    expect(drain()).toBe('b a');
  });

  test('comes in its order again once it has backed off', () => {
    add('a:9');
    refuse(0);
    wakeAll(1);
    add('b');
    expect(drain()).toBe('a b');
  });

  test('comes after those that came before it was refused', () => {
    add('a', 'b');
    refuse(0);
    wakeAll(5);
    add('c');
    expect(drain()).toBe('b a c');
  });

  test('those that back off come as they are done, by whole seconds, then by priority', () => {
    add('a:1', 'b:2', 'c:3');
    // c is done at 1.9 s, b at 2.0 s, a at 2.9 s: b and a are of the same second.
    expect([refuse(0.9), refuse(1), refuse(1.9)]).toEqual(['c', 'b', 'a']);
    wakeAll(1.9);
    // c is done with it by then.
    expect(drain(1.9)).toBe('c b a');
  });

  test('of the same second, the one of higher priority first though it is done later', () => {
    add('a:1', 'b:2');
    const [first, second] = [take(), take()];
    queue.park(second.group, second.pod, someone, at(0));
    queue.park(first.group, first.pod, someone, at(0.5));
    wakeAll(0.5);
    expect(drain(0.5)).toBe('b a');
  });

  test('is as if it were new after it was held: that is no refusal', () => {
    add('a');
    const { pod: held, group } = take();
    queue.hold(group, held, someone, at(0));
    expect([queue.hasNext, held.refusals]).toEqual([false, 0]);
    wakeAll(0);
    add('b');
    expect(drain()).toBe('a b');
  });
});

describe('a group', () => {
  test('has its refused pods apart from those that are new', () => {
    add('g/a', 'g/b');
    refuse(0);
    expect(drain()).toBe('b');
    expect([...queue.parkedGroups()].map(({ parked }) => [...parked].map(({ info }) => info.uid))).toEqual([
      ['a'],
    ]);
  });

  test('is woken as one', () => {
    add('g/a', 'g/b', 'g/c');
    refuse(0);
    refuse(0);
    refuse(0);
    wakeAll(1);
    expect(drain(1)).toBe('a b c');
  });

  test('keeps who is woken before who is refused meanwhile', () => {
    add('g/a', 'g/b');
    refuse(0);
    refuse(0);
    wakeAll(1);
    expect(refuse(1)).toBe('a');
    wakeAll(4);
    expect(drain(4)).toBe('b a');
  });

  test('lets those wait on that were refused before as its first was', () => {
    add('g/a', 'g/b', 'g/c');
    for (const _ of ['a', 'b', 'c']) refuse(0);
    wakeAll(1);
    const { pod: first, group } = take();
    queue.park(group, first, someone, at(1));
    queue.parkRetried(group);
    queue.goOn(group, at(1));
    expect([queue.hasNext, queue.size]).toEqual([false, 3]);
    wakeAll(9);
    expect(drain(9).split(' ').sort()).toEqual(['a', 'b', 'c']);
  });

  test('is gone with its last pod', () => {
    add('g/a', 'g/b');
    refuse(0);
    queue.remove('a');
    queue.remove('b');
    expect([queue.size, [...queue.parkedGroups()], queue.next()]).toEqual([0, [], undefined]);
  });
});

describe('a pod that goes', () => {
  test.each([
    ['while it is new', () => undefined],
    ['while it is refused', () => refuse(0)],
    [
      'once it is woken',
      () => {
        refuse(0);
        wakeAll(0);
      },
    ],
  ])('%s is not tried any more', (_when, before) => {
    add('a');
    before();
    queue.remove('a');
    add('b');
    expect([queue.get('a'), drain()]).toEqual([undefined, 'b']);
  });

  test('leaves its place to the next of its group, who is not as early', () => {
    add('g/a', 'h/b', 'g/c');
    queue.remove('a');
    expect(drain()).toBe('b c');
  });

  test('that nobody knows changes nothing', () => {
    add('a');
    queue.remove('z');
    expect(drain()).toBe('a');
  });
});

test('a heap gives back what was put in, the least first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (first, second) => {
      const heap = new Heap<number>((a, b) => a < b);
      for (const one of first) heap.push(one);
      const out = first.slice(0, Math.floor(first.length / 2)).map(() => heap.pop());
      for (const one of second) heap.push(one);
      const rest = Array.from({ length: heap.size }, () => heap.pop());
      const sorted = [...first].sort((a, b) => a - b);
      expect(out).toEqual(sorted.slice(0, out.length));
      expect(rest).toEqual([...sorted.slice(out.length), ...second].sort((a, b) => a - b));
      expect([heap.size, heap.pop()]).toEqual([0, undefined]);
    }),
  );
});
