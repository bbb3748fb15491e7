// Writes data/generated/kubernetes-schema.json: the fields of every Kubernetes type, their types and descriptions, as the
// official JavaScript client declares them. Run by the build; the file is never committed.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const client = dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node'));
const models = join(client, 'gen', 'models');
const out = join(import.meta.dirname, '..', 'data', 'generated');

/** Text of a doc comment, as one line. */
const plain = (comment) =>
  comment
    .replace(/^\s*\*\s?/gm, '')
    .replace(/\\(["'`])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();

function declarations(name) {
  const text = readFileSync(join(models, `${name}.d.ts`), 'utf8');
  const [, about = ''] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export declare class/.exec(text) ?? [];
  const fields = new Map();
  for (const [, doc, field, optional] of text.matchAll(
    /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?'([^']+)'(\?)?:/g,
  )) {
    fields.set(field, { description: doc === undefined ? '' : plain(doc), required: optional === undefined });
  }
  return { description: plain(about), fields };
}

/** A type of the client in JSON schema's words. */
function schemaOf(type, format) {
  const list = /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return { type: 'array', items: schemaOf(list, format) };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (map !== undefined) return { type: 'object', additionalProperties: schemaOf(map, format) };
  switch (type) {
    case 'string':
      return { type: 'string', ...(format && { format }) };
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return {
        type: format === 'double' || format === 'float' ? 'number' : 'integer',
        format: format || 'int64',
      };
    case 'Date':
    case 'V1MicroTime':
      return { type: 'string', format: 'date-time' };
    case 'IntOrString':
      return { format: 'int-or-string' };
    case 'any':
    case 'object':
      return {};
    default:
      return { ref: type };
  }
}

const schemas = {};
for (const file of readdirSync(models).sort()) {
  const [, name] =
    /^((?:V\d|Core|Events|Discovery|Storage|Resource|Flowcontrol|Authentication|Admissionregistration|Apiextensions|Apiregistration|Rbac|Version)\w*)\.js$/.exec(
      file,
    ) ?? [];
  if (name === undefined) continue;
  const model = (await import(pathToFileURL(join(models, file)).href))[name];
  if (!model?.attributeTypeMap) continue;
  const { description, fields } = declarations(name);
  const properties = {};
  const required = [];
  for (const { name: member, baseName, type, format } of model.attributeTypeMap) {
    const field = fields.get(member);
    properties[baseName] = {
      ...schemaOf(type, format),
      ...(field?.description && { description: field.description }),
    };
    if (field?.required) required.push(baseName);
  }
  schemas[name] = {
    ...(description && { description }),
    properties,
    ...(required.length > 0 && { required }),
  };
}
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'kubernetes-schema.json'), JSON.stringify(schemas));
