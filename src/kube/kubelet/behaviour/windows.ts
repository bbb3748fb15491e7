import { BehaviourFault } from './expression.js';
import type { Item } from './expression.js';
import { readDuration } from './draws.js';

/** A stretch of time after a container's start, in milliseconds: `from` is in it, `to` is not. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const form = 'expected stretches since the start such as 60s..90s or 5m..';

/** `60s..90s,5m..` as stretches in order, none touching another. @throws BehaviourFault */
export function readWindows(items: readonly Item[]): readonly Window[] {
  return merged(items.map(readWindow));
}

function readWindow({ at, value }: Item): Window {
  if (value.kind !== 'literal' || at !== undefined) throw new BehaviourFault(form);
  if (value.text === 'always') return { from: 0, to: Infinity };
  const parts = value.text.split('..');
  const from = readDuration(parts[0] ?? '');
  const to = parts[1] === '' ? Infinity : readDuration(parts[1] ?? '');
  if (parts.length !== 2 || from === undefined || to === undefined) throw new BehaviourFault(form);
  if (to <= from) throw new BehaviourFault(`"${value.text}" ends before it begins`);
  return { from, to };
}

/** Stretches in order, those that touch made one. */
export function merged(windows: readonly Window[]): readonly Window[] {
  const inOrder = [...windows].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const all: Window[] = [];
  for (const window of inOrder) {
    const last = all.at(-1);
    if (last && window.from <= last.to)
      all[all.length - 1] = { from: last.from, to: Math.max(last.to, window.to) };
    else all.push(window);
  }
  return all;
}
