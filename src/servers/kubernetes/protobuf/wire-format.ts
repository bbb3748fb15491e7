import { readFileSync } from 'node:fs';

/**
 * A field of a message: its name in JSON (empty where the members of the message stand in the object around it), its type
 * (a scalar, a message with a JSON form of its own, or another message by name), and what marks it: `[]` for a list, `{}` for
 * a map of strings, `?` for a zero that means nothing.
 */
export type WireField = readonly [name: string, type: string, marks: string];

interface WireFormat {
  /** Message names by `apiVersion/kind`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, Readonly<Record<string, WireField>>>>;
}

const path = new URL('../../../../data/kubernetes-wire-format.json', import.meta.url);
let loaded: { readonly kinds: Map<string, string>; readonly messages: Map<string, Fields> } | undefined;

export type Fields = ReadonlyMap<number, WireField>;

function format() {
  if (loaded) return loaded;
  const { kinds, messages } = JSON.parse(readFileSync(path, 'utf8')) as WireFormat;
  const fieldsOf = (fields: Readonly<Record<string, WireField>>): Fields =>
    new Map(Object.entries(fields).map(([number, field]) => [Number(number), field]));
  loaded = {
    kinds: new Map(Object.entries(kinds)),
    messages: new Map(Object.entries(messages).map(([name, fields]) => [name, fieldsOf(fields)])),
  };
  return loaded;
}

/** The message of a kind; undefined when Kubernetes has no protobuf for it. Every group has its delete options. */
export function messageOf(apiVersion: string, kind: string): string | undefined {
  const { kinds } = format();
  return (
    kinds.get(`${apiVersion}/${kind}`) ?? (kind === 'DeleteOptions' ? kinds.get(`v1/${kind}`) : undefined)
  );
}

/** The fields of a message by number; undefined when the name is a scalar's or a special one's. */
export const fieldsOf = (message: string): Fields | undefined => format().messages.get(message);
