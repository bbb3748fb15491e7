import { expect, test } from 'vitest';
import { instant } from '../../units/index.js';
import type { ContainerLife, Pod, PodLife, PodStop } from '../kinds/index.js';
import { phaseOf } from './phase.js';

const now = instant(0);
const how = (exitCode: number) => ({ exitCode, reason: '', finishedAt: now, run: 0 });
const lives = {
  waiting: { stage: { kind: 'waiting' }, restarts: 0 },
  creating: { stage: { kind: 'creating', since: now, pulledAt: now, until: now }, restarts: 0 },
  running: { stage: { kind: 'running', startedAt: now, isStarted: true, isReady: true }, restarts: 0 },
  crashed: { stage: { kind: 'crash-back-off', delay: 1, until: now }, restarts: 1, last: how(1) },
  failing: { stage: { kind: 'ended', how: how(1), until: now }, restarts: 0 },
  done: { stage: { kind: 'ended', how: how(0) }, restarts: 0 },
  failed: { stage: { kind: 'ended', how: how(1) }, restarts: 0 },
} satisfies Record<string, ContainerLife>;
type Word = keyof typeof lives;

/** `s` is a sidecar, `i` an init container, all others are the pod's own. */
function phase(containers: Readonly<Record<string, Word>>, more: Partial<PodLife> = {}) {
  const names = Object.keys(containers);
  const spec = {
    initContainers: names.flatMap((name) =>
      name === 'i' ? [{ name }] : name === 's' ? [{ name, restartPolicy: 'Always' }] : [],
    ),
    containers: names.filter((name) => name !== 'i' && name !== 's').map((name) => ({ name })),
  };
  const life: PodLife = {
    acceptedAt: now,
    containers: Object.fromEntries(Object.entries(containers).map(([name, word]) => [name, lives[word]])),
    ...more,
  };
  return phaseOf({ spec } as unknown as Pod, life);
}

test.each<[Record<string, Word>, string]>([
  [{ a: 'creating' }, 'Pending'],
  [{ a: 'running' }, 'Running'],
  [{ a: 'running', b: 'creating' }, 'Pending'],
  [{ a: 'running', b: 'done' }, 'Running'],
  [{ a: 'crashed' }, 'Running'],
  [{ a: 'failing' }, 'Running'],
  [{ i: 'running', a: 'waiting' }, 'Pending'],
  [{ i: 'done', a: 'creating' }, 'Pending'],
  [{ i: 'done', a: 'running' }, 'Running'],
  [{ i: 'failing', a: 'waiting' }, 'Pending'],
  [{ s: 'running', a: 'waiting' }, 'Pending'],
  [{ s: 'crashed', a: 'running' }, 'Running'],
  [{ s: 'running', a: 'done' }, 'Running'],
])('a pod with %j that goes on is %s', (containers, expected) => expect(phase(containers)).toBe(expected));

test.each<[Record<string, Word>, string]>([
  [{ a: 'done' }, 'Succeeded'],
  [{ a: 'done', b: 'failed' }, 'Failed'],
  [{ s: 'failed', a: 'done' }, 'Succeeded'],
  [{ i: 'failed', a: 'waiting' }, 'Failed'],
])('a pod with %j that has ended is %s', (containers, expected) =>
  expect(phase(containers, { hasEnded: true })).toBe(expected),
);

test.each<[PodStop['cause'], string]>([
  ['deletion', 'Succeeded'],
  ['deadline', 'Failed'],
  ['preemption', 'Failed'],
  ['eviction', 'Failed'],
])('a pod that ended well, because of its %s, is %s', (cause, expected) =>
  expect(phase({ a: 'done' }, { hasEnded: true, stop: { cause, since: now, message: '' } as PodStop })).toBe(
    expected,
  ),
);
