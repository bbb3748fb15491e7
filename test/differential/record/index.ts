/** `npm run differential -- --record FILE --cases N --seed S`: has cases of chance decided by a real kube-scheduler. */
import { appendFileSync, writeFileSync } from 'node:fs';
import type { Case } from '../case.js';
import { generate } from '../generator.js';
import { namespaces } from '../generation/vocabulary.js';
import { startControlPlane } from './control-plane.js';
import { acceptable } from './manifests.js';
import { programsOf } from './programs.js';
import { NotRecorded, Recorder } from './recorder.js';
import { SchedulerProcess } from './scheduler-process.js';

export interface RecordingOptions {
  readonly file: string;
  readonly cases: number;
  readonly seed: number;
  readonly kubernetesVersion: string;
  readonly onProgress: (recorded: number) => void;
  /** A case that no API server takes, or that was not decided. */
  readonly onLeft: (seed: number, reason: string) => void;
}

export { RecordingError } from './programs.js';

/** From so many on, kube-scheduler looks at some of the nodes only, by several workers at once. */
const tooManyNodes = 100;

/** A scheduler is started anew for so many cases, with a profile for each that has a configuration. */
const batchSize = 200;

/**
 * How many were recorded.
 * @throws RecordingError when a program is not there or does not start
 */
export async function record(options: RecordingOptions): Promise<number> {
  const programs = programsOf(process.env);
  const controlPlane = await startControlPlane(programs);
  let recorded = 0;
  try {
    writeFileSync(options.file, '');
    const recorder = await Recorder.start(controlPlane.api, namespaces);
    for (let from = 0; from < options.cases; from += batchSize) {
      const batch = Array.from({ length: Math.min(batchSize, options.cases - from) }, (_, index) => {
        const seed = options.seed + from + index;
        return { seed, input: prepared(seed, options.kubernetesVersion) };
      }).filter(({ input }) => input.nodes.length < tooManyNodes);
      const profiles = batch.flatMap(({ input }) => input.configuration?.profiles ?? []);
      const scheduler = await SchedulerProcess.start(programs.scheduler, controlPlane, {
        profiles: [{ schedulerName: 'default-scheduler' }, ...profiles],
      });
      try {
        for (const { seed, input } of batch)
          try {
            const done = await recorder.record(input, scheduler);
            appendFileSync(options.file, `${JSON.stringify(done)}\n`);
            recorded++;
            options.onProgress(recorded);
          } catch (error) {
            if (!(error instanceof NotRecorded)) throw error;
            options.onLeft(seed, error.message);
          }
      } finally {
        await scheduler.stop();
      }
    }
    recorder.stop();
  } finally {
    await controlPlane.stop();
  }
  return recorded;
}

/** The case of a seed as it can be recorded: with a profile of its own where it has a configuration. */
function prepared(seed: number, kubernetesVersion: string): Case {
  const { startNodeIndex: _, configuration, ...input } = acceptable(generate(seed));
  const plain = { ...input, kubernetesVersion };
  const profile = configuration?.profiles?.[0];
  if (profile === undefined) return plain;
  const schedulerName = `profile-${String(seed)}`;
  return {
    ...plain,
    configuration: { ...configuration, profiles: [{ ...profile, schedulerName }] },
    pod: { ...plain.pod, spec: { ...plain.pod.spec, schedulerName } },
  };
}
