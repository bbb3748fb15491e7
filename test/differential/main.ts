/**
 * `npm run differential -- FILE...` checks recorded cases against the scheduler and the oracle;
 * `npm run differential -- --cases 1000000 --seed 7` compares the two on cases of chance.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { CaseError, parseCases } from './case.js';
import { engineDifferences, recordedDifferences, recordedEngineDifferences } from './compare.js';
import { loadEngine } from './engine.js';
import type { Engine } from './engine.js';
import { generate } from './generator.js';
import { judge } from './oracle/index.js';
import { record, RecordingError } from './record/index.js';
import { run } from './run.js';

const command = new Command()
  .name('differential')
  .argument('[files...]', 'recorded cases: JSON or JSON lines')
  .option('--cases <n>', 'how many of chance, when there are no files', '10000')
  .option('--seed <n>', 'of the first of them', '1')
  .option('--max-differences <n>', 'kinds of differences to stop at', '10')
  .option('--print', 'print the cases of chance as JSON lines, to have them decided elsewhere')
  .option('--record <file>', 'have cases of chance decided by a kube-scheduler that runs, into this file')
  .option('--kubernetes-version <version>', 'of that kube-scheduler', '1.34.4')
  .parse();
const options = command.opts<{
  cases: string;
  seed: string;
  maxDifferences: string;
  print?: true;
  record?: string;
  kubernetesVersion: string;
}>();
if (options.print === true) print();
else if (options.record === undefined) {
  const engine = await loadEngine();
  if (engine === undefined) console.log('no scheduler to compare: the oracle runs alone');
  process.exitCode = command.args.length > 0 ? checkFiles(command.args, engine) : compare(engine);
} else process.exitCode = await recordInto(options.record);

function print(): void {
  for (let index = 0; index < Number(options.cases); index++)
    process.stdout.write(`${JSON.stringify(generate(Number(options.seed) + index))}\n`);
}

async function recordInto(file: string): Promise<number> {
  const began = performance.now();
  try {
    const recorded = await record({
      file,
      cases: Number(options.cases),
      seed: Number(options.seed),
      kubernetesVersion: options.kubernetesVersion,
      onProgress: (done) => {
        if (done % 50 !== 0) return;
        console.log(`${String(done)} cases, ${(done / ((performance.now() - began) / 1000)).toFixed(1)}/s`);
      },
      onLeft: (seed, reason) => {
        console.log(`seed ${String(seed)} is not recorded: ${reason}`);
      },
    });
    console.log(`${String(recorded)} cases recorded in ${file}`);
    return 0;
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    console.log(error.message);
    return 1;
  }
}

function checkFiles(files: readonly string[], engine: Engine | undefined): number {
  let failures = 0;
  let checked = 0;
  for (const file of files)
    try {
      for (const [index, input] of parseCases(readFileSync(file, 'utf8'), file).entries()) {
        const { formatVersion: _, decision = {}, ...rest } = input;
        const verdict = judge(input);
        const said = engine?.(rest);
        const problems = [
          ...(input.decision === undefined ? [] : recordedDifferences(decision, verdict)).map(
            (each) => `recorded, against the oracle: ${each}`,
          ),
          ...(said === undefined || input.decision === undefined
            ? []
            : recordedEngineDifferences(decision, said)
          ).map((each) => `recorded, against the scheduler: ${each}`),
          ...(said === undefined ? [] : engineDifferences(said, verdict)).map(
            (each) => `scheduler, against the oracle: ${each}`,
          ),
        ];
        checked++;
        if (problems.length === 0) continue;
        failures++;
        console.log(`${file}, case ${String(index + 1)}:\n  ${problems.join('\n  ')}`);
      }
    } catch (error) {
      if (!(error instanceof CaseError)) throw error;
      failures++;
      console.log(error.message);
    }
  console.log(`${String(checked)} cases, ${String(failures)} with differences`);
  return failures === 0 ? 0 : 1;
}

function compare(engine: Engine | undefined): number {
  const began = performance.now();
  const cases = Number(options.cases);
  const step = Math.max(1000, Math.round(cases / 50));
  const result = run({
    engine,
    cases,
    seed: Number(options.seed),
    maxDisagreements: Number(options.maxDifferences),
    onProgress: (done) => {
      if (done % step !== 0) return;
      const rate = Math.round(done / ((performance.now() - began) / 1000));
      console.log(`${String(done).padStart(9)} cases, ${String(rate)}/s`);
    },
  });
  console.log(result.coverage.table());
  for (const { seeds, input, differences } of result.disagreements)
    console.log(
      `\n${String(seeds.length)} cases, with seeds ${seeds.slice(0, 5).join(', ')}; the first made smaller:\n  ${differences.join('\n  ')}\n${JSON.stringify(input)}`,
    );
  const different = result.disagreements.reduce((sum, { seeds }) => sum + seeds.length, 0);
  console.log(
    `${String(result.cases)} cases, ${String(different)} with differences of ${String(result.disagreements.length)} kinds`,
  );
  return result.disagreements.length === 0 ? 0 : 1;
}
