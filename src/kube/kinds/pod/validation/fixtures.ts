import { checking } from '../../fixtures.js';
import type { Change } from '../../fixtures.js';
import { pods } from '../index.js';

/** A sound container that differs so. */
export const container = (change: Change = {}): Change => ({ name: 'app', image: 'app:1', ...change });

/** Tests of pods: the sound one has one container. */
export const pod = checking(pods, { spec: { serviceAccountName: 'default', containers: [container()] } });

export const spec = (change: Change): Change => ({ spec: change });

/** A pod whose one container differs so. */
export const withContainer = (change: Change): Change => spec({ containers: [container(change)] });

/** A name of the test, how the sound pod is changed, and what is told of it. */
export type Row = readonly [name: string, change: Change, faults: readonly string[]];
