import { describe, expect, test } from 'vitest';
import { Generations } from './generations.js';

describe('the slots that were written to since', () => {
  test('are told one by one, those that were put back too', () => {
    const generations = new Generations();
    generations.next(3);
    const { written } = generations;
    generations.next(100);
    generations.restore(3, 1);
    expect(generations.writtenSince(written)).toEqual([100, 3]);
    expect(generations.writtenSince(generations.written)).toEqual([]);
  });

  test.each([
    // writes since, are they known?
    [1024, true],
    [1025, false],
  ])('are known after %i writes: %s', (writes, isKnown) => {
    const generations = new Generations();
    generations.next(0);
    const { written } = generations;
    const slots = Array.from({ length: writes }, (_, at) => at % 7);
    for (const slot of slots) generations.next(slot);
    expect(generations.writtenSince(written)).toEqual(isKnown ? slots : undefined);
  });
});
