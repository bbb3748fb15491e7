import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { isWell } from '../../toolkit/index.js';
import type { Explanation } from '../../toolkit/index.js';
import { UsageError } from '../usage-error.js';
import { askServer } from './ask.js';
import { formatOf, printed } from './format.js';
import type { Format } from './format.js';
import { explanationText } from './text.js';

/** The flags of `poolkeeper explain pod`. */
export interface ExplainFlags {
  readonly namespace?: string;
  readonly filename?: string;
  readonly resourceGroup?: string;
  readonly clusterName?: string;
  readonly output: string;
}

/** Explains a pod, or those of a file. @returns the exit code: 0 when all run or would run at once, else 1 */
export async function explainPods(name: string | undefined, flags: ExplainFlags): Promise<0 | 1> {
  const output = formatOf(flags.output);
  if ((name === undefined) === (flags.filename === undefined))
    throw new UsageError('Give the name of a pod, or a file with -f.');
  const subjects = name === undefined ? manifests(flags.filename ?? '') : [{ pod: name }];
  const { namespace, resourceGroup, clusterName: cluster } = flags;
  const explanations: Explanation[] = [];
  for (const subject of subjects) {
    const body = { ...subject, namespace, resourceGroup, cluster };
    explanations.push((await askServer('explain', body)) as Explanation);
  }
  process.stdout.write(written(explanations, output));
  return explanations.every(({ verdict }) => isWell(verdict.kind)) ? 0 : 1;
}

/** The objects of a file that have pods; the others are passed over. */
function manifests(file: string): readonly { readonly manifest: unknown }[] {
  const documents = parseAllDocuments(readText(file)).filter(({ contents }) => contents !== null);
  const [fault] = documents.flatMap(({ errors }) => errors);
  if (fault) throw new UsageError(`-f ${file} is no YAML: ${fault.message}`);
  const objects = documents.map((document): unknown => document.toJS()).flatMap(itemsOf);
  const withPods = objects.filter(hasPods);
  // One that has none is still asked about: the answer says what is wrong with it.
  const asked = withPods.length > 0 ? withPods : objects.slice(0, 1);
  if (asked.length === 0) throw new UsageError(`-f ${file} holds no object.`);
  return asked.map((manifest) => ({ manifest }));
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new UsageError(`-f ${file}: there is no such file that can be read.`);
  }
}

interface Manifest {
  readonly kind?: unknown;
  readonly items?: unknown;
  readonly spec?: { readonly template?: unknown; readonly jobTemplate?: unknown } | null;
}

const itemsOf = (object: unknown): readonly unknown[] => {
  const { kind, items } = (object ?? {}) as Manifest;
  return kind === 'List' && Array.isArray(items) ? items : [object];
};

function hasPods(object: unknown): boolean {
  const { kind, spec } = (object ?? {}) as Manifest;
  return kind === 'Pod' || spec?.template !== undefined || spec?.jobTemplate !== undefined;
}

function written(explanations: readonly Explanation[], output: Format): string {
  const [first] = explanations;
  const whole = explanations.length === 1 ? first : explanations;
  return printed(whole, output, (layout) =>
    explanations.map((explanation) => explanationText(explanation, layout)).join('\n'),
  );
}
