import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Scalar } from 'yaml';
import { compilePattern } from '../../kube/index.js';

/** Where a cluster's priorities are: a ConfigMap of kube-system. */
export const priorityConfigMap = 'cluster-autoscaler-priority-expander';

/** Its key that holds them, as YAML: a list of expressions by priority. */
const key = 'priorities';

/** Expressions by priority; a node group's is the highest of those that its id has a match of. */
export type Priorities = ReadonlyMap<number, readonly RegExp[]>;

/** What a ConfigMap says; `message` tells what is wrong with it, as upstream does. */
export type PriorityConfig =
  | { readonly kind: 'priorities'; readonly priorities: Priorities }
  | { readonly kind: 'invalid'; readonly message: string };

/** Thrown within this file alone, where the text is not what it is to be. */
class Invalid extends Error {}

/** What was read of data that is still about. */
const known = new WeakMap<Readonly<Record<string, string>>, PriorityConfig>();

/** Reads the data of the ConfigMap, the same once. Of a priority that is there twice the last list counts (go-yaml). */
export function readPriorities(data: Readonly<Record<string, string>>): PriorityConfig {
  const config = known.get(data) ?? read(data);
  known.set(data, config);
  return config;
}

function read(data: Readonly<Record<string, string>>): PriorityConfig {
  const text = data[key];
  if (text === undefined) {
    const message = `Wrong configmap for priority expander, doesn't contain ${key} key. Ignoring update.`;
    return { kind: 'invalid', message };
  }
  try {
    return { kind: 'priorities', priorities: parse(text) };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    const message = `Wrong configuration for priority expander: ${error.message}. Ignoring update.`;
    return { kind: 'invalid', message };
  }
}

function parse(text: string): Priorities {
  if (text === '') {
    const wish = 'please provide valid configuration';
    throw new Invalid(`priority configuration in ${priorityConfigMap} configmap is empty; ${wish}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines, version: '1.1' });
  const [error] = document.errors;
  if (error) throw notYaml(`yaml: line ${String(error.linePos?.[0].line ?? 1)}: ${firstLine(error.message)}`);
  return new Reading(document, lines).priorities();
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/:$/u, '');

const notYaml = (reason: string): Invalid =>
  new Invalid(`Can't parse YAML with priorities in the configmap: ${reason}`);

/** Takes a parsed text for what it is to be. */
class Reading {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  priorities(): Priorities {
    const found = new Map<number, readonly RegExp[]>();
    const contents = this.#resolved(this.#document.contents);
    if (isNull(contents)) return found;
    if (!isMap(contents)) throw this.#mismatch(contents, 'map[int][]string');
    for (const { key: name, value } of contents.items) {
      const priority = this.#priority(this.#resolved(name as Node | null));
      const rules = this.#rules(this.#resolved(value as Node | null));
      found.set(
        priority,
        rules.map((rule) => compiled(priority, rule)),
      );
    }
    return found;
  }

  #priority(node: Node | undefined): number {
    if (isScalar(node) && typeof node.value === 'number' && Number.isFinite(node.value))
      return Math.trunc(node.value);
    throw this.#mismatch(node, 'int');
  }

  #rules(node: Node | undefined): readonly string[] {
    if (isNull(node)) return [];
    if (!isSeq(node)) throw this.#mismatch(node, '[]string');
    return node.items.map((item) => this.#text(this.#resolved(item as Node | null)));
  }

  /** Anything simple is its own text. */
  #text(node: Node | undefined): string {
    if (isNull(node)) return '';
    if (!isScalar(node)) throw this.#mismatch(node, 'string');
    return textOf(node);
  }

  #resolved(node: Node | null | undefined): Node | undefined {
    return (isAlias(node) ? node.resolve(this.#document) : node) ?? undefined;
  }

  #mismatch(node: Node | undefined, wanted: string): Invalid {
    const line = this.#lines.linePos(node?.range?.[0] ?? 0).line;
    return notYaml(
      `yaml: unmarshal errors:\n  line ${String(line)}: cannot unmarshal ${described(node)} into ${wanted}`,
    );
  }
}

const isNull = (node: Node | undefined): boolean =>
  node === undefined || (isScalar(node) && node.value === null);

const textOf = ({ value, source }: Scalar): string =>
  typeof value === 'string' ? value : (source ?? String(value));

/** How go-yaml names what it finds. */
function described(node: Node | undefined): string {
  if (isMap(node)) return '!!map';
  if (isSeq(node)) return '!!seq';
  if (!isScalar(node) || node.value === null) return '!!null';
  const { value } = node;
  const tag = typeof value === 'string' ? 'str' : typeof value === 'boolean' ? 'bool' : 'float';
  return `!!${tag} \`${textOf(node)}\``;
}

function compiled(priority: number, rule: string): RegExp {
  const expression = compilePattern(rule);
  if (expression) return expression;
  throw new Invalid(
    `Can't compile regexp rule for priority ${String(priority)} and rule ${rule}: error parsing regexp: \`${rule}\``,
  );
}
