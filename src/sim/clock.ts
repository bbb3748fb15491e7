import type { Duration, Instant } from '../units/index.js';
import { after, instant } from '../units/index.js';
import { EventQueue } from './event-queue.js';
import type { Turn } from './event-queue.js';
import { MomentGuard, defaultMostAtOnce } from './moment-guard.js';
import { systemWallClock } from './wall-clock.js';
import type { WallClock } from './wall-clock.js';

export interface Timer {
  cancel(): void;
}

/** World time, as the engine sees it. */
export interface Clock {
  now(): Instant;
  /**
   * Runs `run` at `when`; a moment that has passed means now, after what is due already.
   *
   * @param label what an error calls the event.
   * @param turn `last`: after all else of that moment, and what that brings about at it.
   */
  at(when: Instant, run: () => void, label?: string, turn?: Turn): Timer;
  after(span: Duration, run: () => void, label?: string): Timer;
  /** True when all that was due by the present moment has run: what happens at it now was brought in from outside, too late for it. */
  isOver(): boolean;
}

/** How world time goes on: with the host's time (`speed` world seconds a second), by hand, or as fast as events can run. */
export type ClockMode =
  | { readonly kind: 'running'; readonly speed: number }
  | { readonly kind: 'paused' }
  | { readonly kind: 'virtual' };

/** What a clock is made of. */
export interface ClockInit {
  readonly start: Instant;
  readonly mode: ClockMode;
  readonly wall?: WallClock;
  /** How many events may run without time moving on before the clock throws a LivelockError. Default: 5,000,000. */
  readonly mostAtOnce?: number;
}

/** The one event queue of a world and the mode in which it moves. Events run in order of (time, turn, sequence). */
export class SimClock implements Clock {
  readonly #queue = new EventQueue();
  readonly #wall: WallClock;
  readonly #guard: MomentGuard;
  #mode: ClockMode;
  #now: Instant;
  /** All that was due by then has run. */
  #over: Instant;
  /** In running mode world time is counted from here: this moment of it was that moment of the host's. */
  #anchor: { readonly world: Instant; readonly wall: number };
  /** True while an event runs: world time then stands at the event's moment. */
  #inEvent = false;
  #armed: { readonly when: Instant; readonly timer: Timer } | undefined;
  #closed = false;

  constructor(init: ClockInit) {
    this.#wall = init.wall ?? systemWallClock;
    this.#guard = new MomentGuard(init.mostAtOnce ?? defaultMostAtOnce);
    this.#now = init.start;
    this.#over = init.start;
    this.#mode = checked(init.mode);
    this.#anchor = { world: init.start, wall: this.#wall.now() };
  }

  now(): Instant {
    this.#catchUp();
    return this.#now;
  }

  mode(): ClockMode {
    return this.#mode;
  }

  /** Events that wait. */
  pending(): number {
    return this.#queue.size;
  }

  at(when: Instant, run: () => void, label = 'an event without a label', turn?: Turn): Timer {
    const timer = this.#queue.add(when, run, label, turn);
    this.#arm();
    return timer;
  }

  isOver(): boolean {
    return this.now() <= this.#over;
  }

  after(span: Duration, run: () => void, label?: string): Timer {
    return this.at(after(this.now(), span), run, label);
  }

  /** Changes how time goes on, from the present moment. @throws RangeError when the speed is not a positive number. */
  setMode(mode: ClockMode): void {
    this.#catchUp();
    this.#mode = checked(mode);
    this.#reanchor();
    this.#disarm();
    this.#arm();
  }

  /**
   * Moves world time on by `span`, running what falls due on the way at its own moment.
   *
   * @throws LivelockError when events go on causing one another at one moment; so do the other ways to move time.
   */
  step(span: Duration): void {
    this.#runUntil(after(this.now(), span));
  }

  /** Jumps to the next event and runs it with all others of that moment; false when none waits. */
  stepToNextEvent(): boolean {
    const next = this.#queue.next();
    if (next === undefined) return false;
    this.#runUntil(next > this.#now ? next : this.#now);
    return true;
  }

  /** Runs events until none waits, or until `limit` of world time has gone by. */
  runUntilIdle(limit?: Duration): void {
    const end = limit === undefined ? instant(Infinity) : after(this.now(), limit);
    for (let next = this.#queue.next(); next !== undefined && next <= end; next = this.#queue.next()) {
      this.stepToNextEvent();
    }
  }

  /** Stops time for good; no event runs afterwards. */
  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  #runUntil(end: Instant): void {
    this.#inEvent = true;
    this.#guard.reset();
    try {
      for (let event = this.#queue.takeDue(end); event; event = this.#queue.takeDue(end)) {
        if (event.when > this.#now) this.#now = event.when;
        event.run();
        this.#guard.count(this.#now, event.label);
      }
    } finally {
      this.#inEvent = false;
    }
    if (end > this.#now) this.#now = end;
    this.#over = this.#now;
    if (this.#mode.kind !== 'running' || this.#now > this.#reached(this.#mode.speed)) this.#reanchor();
    this.#arm();
  }

  #reanchor(): void {
    this.#anchor = { world: this.#now, wall: this.#wall.now() };
  }

  /** The moment that world time has reached by the host's clock; the host's clock may be set back, world time never is. */
  #reached(speed: number): Instant {
    return instant(
      this.#anchor.world + Math.floor(Math.max(0, this.#wall.now() - this.#anchor.wall) * speed),
    );
  }

  /** An event that is due runs at its own moment: reading the time does not pass it by. */
  #catchUp(): void {
    if (this.#mode.kind !== 'running' || this.#inEvent) return;
    const reached = Math.min(this.#reached(this.#mode.speed), this.#queue.next() ?? Infinity);
    if (reached > this.#now) this.#now = instant(reached);
  }

  /** Keeps exactly one host timer armed: for the next event. */
  #arm(): void {
    if (this.#closed || this.#inEvent || this.#mode.kind !== 'running') return;
    const next = this.#queue.next();
    if (next === undefined || (this.#armed && this.#armed.when <= next)) return;
    this.#disarm();
    const { speed } = this.#mode;
    const delay = Math.max(0, Math.ceil((next - this.#reached(speed)) / speed));
    this.#armed = { when: next, timer: this.#wall.schedule(delay, () => this.#fire()) };
  }

  #disarm(): void {
    this.#armed?.timer.cancel();
    this.#armed = undefined;
  }

  #fire(): void {
    this.#armed = undefined;
    if (this.#closed || this.#mode.kind !== 'running') return;
    this.#runUntil(this.#reached(this.#mode.speed));
  }
}

function checked(mode: ClockMode): ClockMode {
  if (mode.kind === 'running' && !(mode.speed > 0 && Number.isFinite(mode.speed))) {
    throw new RangeError(`The clock's speed must be a positive number, not ${String(mode.speed)}`);
  }
  return mode;
}
