import { describe, expect, test } from 'vitest';
import { instant, milliseconds, seconds } from '../units/index.js';
import { LivelockError, Seed, SimClock, WorkQueue } from './index.js';
import type { ClockMode, WallClock } from './index.js';

class FakeWall implements WallClock {
  time = 0;
  readonly timers = new Set<{ due: number; run: () => void }>();
  now = (): number => this.time;
  schedule(delayMs: number, run: () => void): { cancel(): void } {
    const timer = { due: this.time + delayMs, run };
    this.timers.add(timer);
    return { cancel: () => this.timers.delete(timer) };
  }
  advanceTo(time: number): void {
    this.time = time;
    for (const timer of [...this.timers]) {
      if (timer.due > time) continue;
      this.timers.delete(timer);
      timer.run();
    }
  }
}

const logged = (clock: SimClock, log: string[], name: string) => () =>
  log.push(`${name}@${String(clock.now())}`);

describe('clock', () => {
  test('runs events by time, and those of one moment in the order they were made', () => {
    const clock = new SimClock({ start: instant(0), mode: { kind: 'paused' } });
    const log: string[] = [];
    for (const [name, when] of [
      ['c', 20],
      ['a', 10],
      ['b', 10],
    ] as const) {
      clock.at(instant(when), logged(clock, log, name));
    }
    clock.step(milliseconds(15));
    expect(log).toEqual(['a@10', 'b@10']);
    expect(clock.now()).toBe(15);
    expect(clock.stepToNextEvent()).toBe(true);
    expect(log.at(-1)).toBe('c@20');
    expect(clock.stepToNextEvent()).toBe(false);
  });

  test('runs last what is to come last, after what others bring about at its moment', () => {
    const clock = new SimClock({ start: instant(0), mode: { kind: 'paused' } });
    const log: string[] = [];
    clock.at(instant(10), logged(clock, log, 'last'), 'last', 'last');
    clock.at(instant(10), () => clock.after(milliseconds(0), logged(clock, log, 'brought about')));
    clock.at(instant(11), logged(clock, log, 'later'));
    clock.step(milliseconds(20));
    expect(log).toEqual(['brought about@10', 'last@10', 'later@11']);
  });

  test('a moment is over when all that was due at it has run', () => {
    const clock = new SimClock({ start: instant(0), mode: { kind: 'paused' } });
    const seen: boolean[] = [clock.isOver()];
    clock.at(instant(10), () => seen.push(clock.isOver()));
    clock.step(milliseconds(10));
    seen.push(clock.isOver());
    clock.at(instant(10), () => seen.push(clock.isOver()));
    clock.step(milliseconds(5));
    expect(seen).toEqual([true, false, true, true]);
  });

  test('a cancelled event never runs', () => {
    const clock = new SimClock({ start: instant(0), mode: { kind: 'virtual' } });
    const log: string[] = [];
    clock.at(instant(5), logged(clock, log, 'x')).cancel();
    clock.runUntilIdle();
    expect([log, clock.pending(), clock.now()]).toEqual([[], 0, 0]);
  });

  test('running at speed 10, ten world seconds pass in one', () => {
    const wall = new FakeWall();
    const clock = new SimClock({ start: instant(0), mode: { kind: 'running', speed: 10 }, wall });
    const log: string[] = [];
    clock.at(instant(10_000), logged(clock, log, 'due'));
    wall.advanceTo(999);
    expect(log).toEqual([]);
    wall.advanceTo(1000);
    expect(log).toEqual(['due@10000']);
  });

  test('one host timer serves any number of events, and none when idle', () => {
    const wall = new FakeWall();
    const clock = new SimClock({ start: instant(0), mode: { kind: 'running', speed: 1 }, wall });
    expect(wall.timers.size).toBe(0);
    for (let i = 100; i > 0; i--) clock.at(instant(i), () => undefined);
    expect(wall.timers.size).toBe(1);
    wall.advanceTo(200);
    expect([wall.timers.size, clock.pending()]).toEqual([0, 0]);
  });

  test('time that the host spends paused is not made up for', () => {
    const wall = new FakeWall();
    const clock = new SimClock({ start: instant(0), mode: { kind: 'running', speed: 1 }, wall });
    wall.advanceTo(100);
    clock.setMode({ kind: 'paused' });
    wall.advanceTo(5000);
    clock.setMode({ kind: 'running', speed: 1 });
    wall.advanceTo(5010);
    expect(clock.now()).toBe(110);
  });

  test.each([0, -1, NaN, Infinity])('speed %d is refused', (speed) => {
    const start = instant(0);
    expect(() => new SimClock({ start, mode: { kind: 'running', speed } })).toThrow(RangeError);
  });
});

describe('work queue', () => {
  test('a key asked for twice is reconciled once, at the earlier moment', () => {
    const clock = new SimClock({ start: instant(0), mode: { kind: 'virtual' } });
    const log: string[] = [];
    const queue = new WorkQueue({
      name: 'queue',
      clock,
      reconcile: (key) => log.push(`${key}@${String(clock.now())}`),
    });
    queue.addAt('a', instant(50));
    queue.addAt('a', instant(20));
    queue.addAt('a', instant(90));
    clock.runUntilIdle(seconds(1));
    expect(log).toEqual(['a@20']);
  });
});

describe('events that go on at one moment', () => {
  const open = (mode: ClockMode['kind'], wall?: WallClock) =>
    new SimClock({
      start: instant(0),
      mode: mode === 'running' ? { kind: mode, speed: 1 } : { kind: mode },
      mostAtOnce: 100,
      ...(wall && { wall }),
    });
  /** Two keys that wake each other, from one second on. */
  const livelock = (clock: SimClock): void => {
    const queue: WorkQueue = new WorkQueue({
      name: 'see-saw',
      clock,
      reconcile: (key) => queue.add(key === 'up' ? 'down' : 'up'),
    });
    queue.addAt('up', instant(1000));
  };

  test.each([
    ['a step', 'paused', (clock: SimClock) => clock.step(seconds(5))],
    ['a step to the next event', 'virtual', (clock: SimClock) => clock.stepToNextEvent()],
    ['a run until idle', 'virtual', (clock: SimClock) => clock.runUntilIdle()],
  ] as const)('without end: %s throws', (_, mode, move) => {
    const clock = open(mode);
    livelock(clock);
    expect(() => move(clock)).toThrow(LivelockError);
    expect(() => move(clock)).toThrow(
      /^Time stands at 1970-01-01T00:00:01.000Z: 101 events have run there. The last: .*see-saw of down, see-saw of up, see-saw of down/,
    );
    expect(clock.now()).toBe(1000);
  });

  test('without end: the host’s timer throws', () => {
    const wall = new FakeWall();
    livelock(open('running', wall));
    expect(() => wall.advanceTo(2000)).toThrow(LivelockError);
  });

  test('the error names the moment and the last events, the latest at the end', () => {
    const clock = open('virtual');
    for (let count = 0; count < 101; count += 1)
      clock.at(instant(7), () => undefined, `event ${String(count)}`);
    let caught: unknown;
    try {
      clock.runUntilIdle();
    } catch (error) {
      caught = error;
    }
    const { moment, lastEvents } = caught as LivelockError;
    expect([moment, lastEvents.length, lastEvents.at(-1)]).toEqual([7, 12, 'event 100']);
  });

  test('as many as may be run, at each moment anew', () => {
    const clock = open('virtual');
    let ran = 0;
    for (const moment of [1, 2, 3])
      for (let count = 0; count < 100; count += 1) clock.at(instant(moment), () => (ran += 1));
    clock.runUntilIdle();
    expect(ran).toBe(300);
  });

  test('whoever stands still on purpose may do so as often as they like', () => {
    const clock = open('paused');
    let ran = 0;
    for (let count = 0; count < 300; count += 1) {
      clock.at(clock.now(), () => (ran += 1));
      clock.step(milliseconds(0));
    }
    expect(ran).toBe(300);
  });
});

describe('seed', () => {
  const draw = (seed: Seed, consumer: string, key?: string) => {
    const rng = seed.stream(consumer, key);
    return [rng.guid(), rng.int(1000), rng.hex(5)];
  };

  test('a stream is the same whenever and however often it is made', () => {
    expect(draw(new Seed(7), 'vm', 'a')).toEqual(draw(new Seed('7'), 'vm', 'a'));
  });

  test('seed, consumer and key each tell streams apart', () => {
    const streams = [
      draw(new Seed(7), 'vm', 'a'),
      draw(new Seed(8), 'vm', 'a'),
      draw(new Seed(7), 'node', 'a'),
    ];
    streams.push(draw(new Seed(7), 'vm', 'b'), draw(new Seed(7), 'vma', ''));
    expect(new Set(streams.map(String)).size).toBe(5);
  });

  test('a GUID has version 4 and the standard variant', () => {
    const rng = new Seed(1).stream('guid');
    for (let i = 0; i < 100; i++) {
      expect(rng.guid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});
