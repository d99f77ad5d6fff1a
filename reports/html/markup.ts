import { plain } from '../text.ts';

/** A piece of HTML that is already safe. Only `html` and `trusted` make one: everything else is text, and is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/**
 * Builds HTML; every value that stands in it is escaped unless it is Markup itself. Attribute values go in double quotes.
 *
 * A line break in the template is a space in prose, and nothing beside a tag or a value.
 */
export function html(template: TemplateStringsArray, ...values: Content[]): Markup {
  const strings = joined(template);
  let text = strings[0] ?? '';
  for (const [i, value] of values.entries()) text += written(value) + (strings[i + 1] ?? '');
  return new Markup(text);
}

/** Templates with their line breaks taken out: each is read once and used thousands of times. */
const known = new WeakMap<TemplateStringsArray, readonly string[]>();

function joined(template: TemplateStringsArray): readonly string[] {
  let strings = known.get(template);
  if (strings === undefined) {
    strings = template.map((text) => text.replace(/(?<=^|>)\n\s*|\n\s*(?=<|$)/g, '').replace(/\n\s*/g, ' '));
    known.set(template, strings);
  }
  return strings;
}

/** HTML that this program made by other means: a drawn chart, the style sheet. Never for text from a report. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

export const NOTHING = new Markup('');

function written(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(written).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
