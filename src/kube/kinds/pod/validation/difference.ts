import { canonicalJson, isObject } from '../../../object.js';
import { own } from '../../../../units/index.js';

const memberName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const written = (value: unknown): string => (value === undefined ? 'nil' : JSON.stringify(value));

/**
 * How an object differs from what it was, as lines that say what went (`-`) and what came (`+`). The API server prints the
 * like, of its own types; members that are the same are counted.
 */
export function differenceText(type: string, before: unknown, after: unknown): string {
  return `  ${type}{\n${memberLines(before, after, '  \t').join('\n')}\n  }\n`;
}

function memberLines(before: unknown, after: unknown, indent: string): readonly string[] {
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => own(was, name) !== undefined || own(is, name) !== undefined,
  );
  const lines: string[] = [];
  let same = 0;
  const tellSame = (): void => {
    if (same > 0) lines.push(`${indent}... // ${String(same)} identical fields`);
    same = 0;
  };
  for (const name of names) {
    const [old, now] = [own(was, name), own(is, name)];
    if (canonicalJson(old) === canonicalJson(now)) same += 1;
    else {
      tellSame();
      lines.push(...valueLines(memberName(name), old, now, indent));
    }
  }
  tellSame();
  return lines;
}

function valueLines(name: string, before: unknown, after: unknown, indent: string): readonly string[] {
  const deeper = `${indent}\t`;
  if (isObject(before) && isObject(after))
    return [`${indent}${name}: {`, ...memberLines(before, after, deeper), `${indent}},`];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const items = before.flatMap((item: unknown, index): readonly string[] =>
      canonicalJson(item) === canonicalJson(after[index])
        ? []
        : valueLines(`[${String(index)}]`, item, after[index], deeper),
    );
    return [`${indent}${name}: {`, ...items, `${indent}},`];
  }
  const rest = indent.slice(2);
  return [`- ${rest}${name}: ${written(before)},`, `+ ${rest}${name}: ${written(after)},`];
}
