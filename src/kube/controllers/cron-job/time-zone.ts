const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/**
 * Milliseconds by which a zone's clocks are ahead of UTC at a moment.
 *
 * @throws RangeError for a zone that is unknown.
 */
export function offsetAt(zone: string, moment: number): number {
  if (zone === 'UTC') return 0;
  const parts = formatOf(zone).formatToParts(moment);
  const at = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
  return local - Math.floor(moment / 1000) * 1000;
}

/** True for a zone of the time zone database. */
export function isZone(zone: string): boolean {
  try {
    return Number.isFinite(offsetAt(zone, 0));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
