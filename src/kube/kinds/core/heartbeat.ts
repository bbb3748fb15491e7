import { goTime } from '../../go-values.js';
import type { KubeObject, Stored } from '../../object.js';
import type { View } from '../../resource-type.js';
import type { Duration, Instant } from '../../../units/index.js';
import { after, milliseconds } from '../../../units/index.js';

/** Says something again and again, at regular intervals: what is stored need not be written each time. */
export interface Heartbeat {
  readonly since: Instant;
  readonly every: Duration;
}

/** An object whose texts may have the moment of the last beat in them, in place of which `lastBeat` is stored. */
export interface StoredWithHeartbeat extends Stored {
  readonly heartbeat?: Heartbeat;
}

export const lastBeat = '<last beat>';

interface Texts extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** An object as its author has last said it: with the time at which that was. */
export function withLastBeat(stored: Stored, { now }: View): KubeObject {
  const { heartbeat } = stored as StoredWithHeartbeat;
  if (!heartbeat) return stored.object;
  const { since, every } = heartbeat;
  const beats = Math.max(0, Math.floor((now - since) / every));
  const time = goTime(after(since, milliseconds(beats * every)));
  const object = stored.object as Texts;
  const { annotations } = object.metadata;
  return {
    ...object,
    metadata: { ...object.metadata, ...(annotations && { annotations: withTime(annotations, time) }) },
    ...(object.data && { data: withTime(object.data, time) }),
  } as KubeObject;
}

const withTime = (texts: Readonly<Record<string, string>>, time: string): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.replaceAll(lastBeat, time)]));
