import type { Random } from './random.js';
import type { FuzzKind } from './requests.js';
import type { Json } from './values.js';

/** An object that the server has answered with. */
export interface LearnedObject {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly resourceVersion: string;
  readonly uid: string;
  readonly value: { [name: string]: Json };
}

const kept = { objects: 4, tokens: 16 };
/** Objects grow as they are changed over and over: larger ones are not gone on with. */
const largest = 20_000;

/** What answers have told, so that later requests can be about what is there: the seed alone does not repeat it. */
export class Learned {
  /** By `apiVersion/kind`, the latest at the end. */
  readonly #objects = new Map<string, LearnedObject[]>();
  readonly #tokens: string[] = [];
  #resourceVersion = '1';

  /** Takes up the value of an answer, of the text that it was read from. */
  take(value: unknown, { length }: string): void {
    if (typeof value !== 'object' || value === null) return;
    const { metadata, apiVersion, kind } = value as Record<string, unknown>;
    if (typeof metadata !== 'object' || metadata === null) return;
    const { name, namespace, uid, resourceVersion, continue: token } = metadata as Record<string, unknown>;
    if (typeof token === 'string' && token !== '') remember(this.#tokens, token, kept.tokens);
    if (typeof resourceVersion !== 'string') return;
    this.#resourceVersion = resourceVersion;
    if (typeof name !== 'string' || typeof uid !== 'string' || length > largest) return;
    const key = `${String(apiVersion)}/${String(kind)}`;
    const objects = this.#objects.get(key) ?? [];
    this.#objects.set(key, objects);
    const object = {
      name,
      namespace: typeof namespace === 'string' ? namespace : undefined,
      resourceVersion,
      uid,
      value: value as LearnedObject['value'],
    };
    remember(objects, object, kept.objects);
  }

  /** An object of a kind that was there a while ago, and may be there yet. */
  object(random: Random, { apiVersion, kind }: FuzzKind): LearnedObject | undefined {
    const objects = this.#objects.get(`${apiVersion}/${kind}`) ?? [];
    return objects.length === 0 ? undefined : random.pick(objects);
  }

  /** Of a list that was begun. */
  continueToken(random: Random): string {
    return this.#tokens.length === 0 ? '' : random.pick(this.#tokens);
  }

  /** The latest that was told, or some revisions from it. */
  resourceVersion(random: Random): string {
    return String(
      Math.max(0, Number(this.#resourceVersion) + random.pick([0, 0, 0, -1, -20, -5000, 1, 100])),
    );
  }
}

function remember<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}
