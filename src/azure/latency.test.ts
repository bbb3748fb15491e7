import { describe, expect, test } from 'vitest';
import { Seed } from '../sim/index.js';
import { fastLatency, latencySteps, parseLatencyProfile, realisticLatency, sample } from './index.js';

describe('latency', () => {
  test.each([
    ['fast', fastLatency],
    ['realistic', realisticLatency],
  ])('of the %s profile is drawn within its bounds', (_, profile) => {
    const rng = new Seed(1).stream('latency');
    for (const step of latencySteps) {
      for (let i = 0; i < 200; i++) {
        const drawn = sample(profile, step, rng);
        expect(drawn).toBeGreaterThanOrEqual(profile[step].min);
        expect(drawn).toBeLessThanOrEqual(profile[step].max);
      }
    }
  });

  test('a profile overrides the steps it names', () => {
    const profile = parseLatencyProfile('vmCreate: 3\nnodeJoin: {min: 1, max: 2.5, source: measured}\n');
    expect(profile.vmCreate).toMatchObject({ min: 3000, max: 3000 });
    expect(profile.nodeJoin).toEqual({ min: 1000, max: 2500, source: 'measured' });
    expect(profile.vmDelete).toEqual(fastLatency.vmDelete);
  });

  test('an empty profile is the fast one', () => expect(parseLatencyProfile('')).toEqual(fastLatency));

  test.each([
    ['- 1', /mapping/],
    ['vmCreate: {min: 1', /no YAML.*line 1/s],
    ['vmBoot: 3', /'vmBoot' is no latency step/],
    ['vmCreate: soon', /vmCreate must be a number of seconds/],
    ['vmCreate: -1', /vmCreate/],
    ['vmCreate: {min: 3, max: 2}', /vmCreate/],
    ['vmCreate: {max: 2}', /vmCreate/],
  ])('%j is refused', (text, message) => {
    expect(() => parseLatencyProfile(text)).toThrow(message);
  });
});
