import { z } from 'zod';

export type Schema = z.core.$ZodType;

/** What this file reads of a schema's definition; the kinds that scenarios use. */
interface Definition {
  type: string;
  shape?: Readonly<Record<string, Schema>>;
  element?: Schema;
  items?: readonly Schema[];
  valueType?: Schema;
  innerType?: Schema;
  options?: readonly Schema[];
  discriminator?: string;
  values?: readonly unknown[];
  entries?: Readonly<Record<string, string>>;
  getter?: () => Schema;
}

const WRAPPERS = ['default', 'prefault', 'optional', 'nullable', 'readonly'];

const definitionOf = (schema: Schema): Definition => schema._zod.def as unknown as Definition;

/** The schema without defaults, options and laziness around it. */
export function bare(schema: Schema): Schema {
  const { type, innerType, getter } = definitionOf(schema);
  if (WRAPPERS.includes(type) && innerType) return bare(innerType);
  return type === 'lazy' && getter ? bare(getter()) : schema;
}

/** The schema of what stands at `path`: of a union, the member that the value there most likely is. */
export function schemaAt(root: Schema, path: readonly PropertyKey[], value: unknown): Schema | undefined {
  let schema: Schema | undefined = root;
  let found = value;
  for (const key of path) {
    schema = schema && memberFor(schema, found);
    schema = schema && below(schema, key);
    found = typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return schema;
}

/** Of a union, the member that `value` was most likely meant to be; anything else is its own. */
export function memberFor(schema: Schema, value: unknown): Schema | undefined {
  const plain = bare(schema);
  const { type, options } = definitionOf(plain);
  if (type !== 'union' || !options) return plain;
  let best: Schema | undefined;
  let most = 0;
  for (const option of options) {
    const score = likeness(bare(option), value);
    if (score > most) [best, most] = [option, score];
  }
  return best && memberFor(best, value);
}

/** How much of `value` fits: a matching `kind` above all, then fields in common, then being of the same sort. */
function likeness(schema: Schema, value: unknown): number {
  const { type, shape, options } = definitionOf(schema);
  if (type === 'union' && options) return Math.max(...options.map((option) => likeness(bare(option), value)));
  if (type === 'literal' || type === 'enum') return choicesOf(schema).includes(String(value)) ? 2 : 0;
  if (!shape) return sortOf(value) === (type === 'tuple' ? 'array' : type) ? 1 : 0;
  return sortOf(value) === 'object' ? fieldsInCommon(shape, value as object) : 0;
}

function fieldsInCommon(shape: Readonly<Record<string, Schema>>, value: object): number {
  let score = 0;
  for (const [key, own] of Object.entries(value)) {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (field === undefined) continue;
    if (definitionOf(field).type !== 'literal') score += isRequired(field) ? 2 : 1;
    else if (choicesOf(field).includes(String(own))) score += 100;
    else return 0;
  }
  return score;
}

function sortOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The schema of one field, entry or element. */
export function below(schema: Schema, key: PropertyKey): Schema | undefined {
  const { shape, element, items, valueType } = definitionOf(schema);
  if (shape) return Object.hasOwn(shape, key) ? shape[key as string] : undefined;
  return valueType ?? element ?? items?.[Number(key)];
}

/** The schema of a field of a table that is not yet, or soon no longer, one member of a union: that which takes `value`, if any does. */
export function belowAny(schema: Schema, key: string, value: unknown): Schema | undefined {
  const { type, options } = definitionOf(bare(schema));
  if (type !== 'union' || !options) return undefined;
  const fields = options.flatMap((option) => below(bare(option), key) ?? belowAny(option, key, value) ?? []);
  const fitting = fields.find((field) => z.safeParse(field, value).success);
  if (fitting !== undefined || fields.some((field) => definitionOf(field).type !== 'literal')) return fitting ?? fields[0];
  // What tells the members apart: any of their words would do.
  return fields.length > 1 ? z.enum(fields.flatMap(choicesOf)) : fields[0];
}

const isRequired = (schema: Schema): boolean => !WRAPPERS.includes(definitionOf(schema).type);

/** Fields that a table may have; none for a table whose names are free. */
export function fieldsOf(schema: Schema | undefined): string[] {
  return Object.keys((schema && definitionOf(bare(schema)).shape) ?? {});
}

/** Whether names in this table are the writer's own. */
export function isFreelyNamed(schema: Schema): boolean {
  return definitionOf(bare(schema)).type === 'record';
}

/** The words that a schema accepts, when it accepts only certain words. */
export function choicesOf(schema: Schema): string[] {
  const { values, entries } = definitionOf(bare(schema));
  return values ? values.map(String) : Object.values(entries ?? {});
}

/** Members of a union, as people tell them apart: by their kind, or by the field that only they need. */
export function membersOf(schema: Schema | undefined): string[] {
  const { options = [] } = schema ? definitionOf(bare(schema)) : {};
  return options.flatMap((option) => {
    const fields = Object.entries(definitionOf(bare(option)).shape ?? {});
    const literal = fields.find(([, field]) => definitionOf(field).type === 'literal')?.[1];
    const name = literal ? choicesOf(literal)[0] : fields.find(([, field]) => isRequired(field))?.[0];
    return name === undefined ? [] : [name];
  });
}

const NUMBERS = [1, 0, 1000];

/** Something small that the schema accepts, to put where something unacceptable stands. */
export function sampleOf(schema: Schema, depth = 0): unknown {
  const plain = bare(schema);
  const { type, shape, items, element, options } = definitionOf(plain);
  if (depth > 6) return undefined;
  if (shape) {
    const needed = Object.entries(shape).filter(([, field]) => isRequired(field));
    return Object.fromEntries(needed.map(([key, field]) => [key, sampleOf(field, depth + 1)]));
  }
  const first = options?.[0];
  if (first) return sampleOf(first, depth + 1);
  if (items) return items.map((item) => sampleOf(item, depth + 1));
  if (element) return [[], [element], [element, element]].map((list) => list.map((e) => sampleOf(e, depth + 1))).find(fits);
  if (type === 'number') return NUMBERS.find(fits);
  if (type === 'record') return {};
  return type === 'boolean' ? false : (choicesOf(plain)[0] ?? 'a');

  function fits(value: unknown): boolean {
    return z.safeParse(plain, value).success;
  }
}
