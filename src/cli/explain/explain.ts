import { readFileSync } from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';
import { isWell } from '../../toolkit/index.js';
import type { Explanation } from '../../toolkit/index.js';
import { readConnection } from '../connection.js';
import { callServer } from '../own-api.js';
import { InvalidValueError, UsageError } from '../usage-error.js';
import { coloured, plain } from './layout.js';
import { explanationText } from './text.js';

/** The flags of `poolkeeper explain pod`. */
export interface ExplainFlags {
  readonly namespace?: string;
  readonly filename?: string;
  readonly resourceGroup?: string;
  readonly clusterName?: string;
  readonly output: string;
}

const formats = ['text', 'json', 'yaml'] as const;
type Format = (typeof formats)[number];

/** Lines are no longer than this on a wide terminal, and without one. */
const longestLine = 110;

/** Explains a pod, or those of a file. @returns the exit code: 0 when all run or would run at once, else 1 */
export async function explainPods(name: string | undefined, flags: ExplainFlags): Promise<0 | 1> {
  const output = formatOf(flags.output);
  if ((name === undefined) === (flags.filename === undefined))
    throw new UsageError('Give the name of a pod, or a file with -f.');
  const subjects = name === undefined ? manifests(flags.filename ?? '') : [{ pod: name }];
  const connection = readConnection();
  if (!connection) throw new UsageError('Poolkeeper is not running. Start it with: poolkeeper up');
  const { namespace, resourceGroup, clusterName: cluster } = flags;
  const explanations: Explanation[] = [];
  for (const subject of subjects) {
    const body = { ...subject, namespace, resourceGroup, cluster };
    const answer = await callServer(connection, 'POST', 'explain', body);
    if (answer.kind === 'refused') throw new InvalidValueError(`(${answer.code}) ${answer.message}`);
    explanations.push(answer.body as Explanation);
  }
  process.stdout.write(written(explanations, output));
  return explanations.every(({ verdict }) => isWell(verdict.kind)) ? 0 : 1;
}

function formatOf(text: string): Format {
  const found = formats.find((format) => format === text);
  if (!found)
    throw new UsageError(`argument --output: invalid choice: '${text}' (choose from ${formats.join(', ')})`);
  return found;
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
  if (output === 'json') return `${JSON.stringify(whole, null, 2)}\n`;
  if (output === 'yaml') return stringify(whole);
  const { isTTY, columns = longestLine } = process.stdout;
  const layout = {
    width: isTTY ? Math.min(columns, longestLine) : longestLine,
    paint: isTTY ? coloured : plain,
  };
  return explanations.map((explanation) => explanationText(explanation, layout)).join('\n');
}
