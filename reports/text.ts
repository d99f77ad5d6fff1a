/**
 * Text from a scenario, made safe to show on one line of any report.
 *
 * Control characters (a terminal would obey them) and bidirectional overrides (they reorder what the reader sees) become
 * visible escapes; line breaks become spaces.
 */
export function plain(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(UNSAFE, visible);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/g;

function visible(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `2 checks`, `1 check`. */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? singular : plural}`;
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** Text that has to fit beside a point: longer names end in an ellipsis. */
export function shortened(text: string, most = 28): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** Names of checks and measures as words: `shown_before_moderated` reads `shown before moderated`. */
export function worded(name: string): string {
  return plain(name).replaceAll('_', ' ');
}

/** The first letter in upper case, unless the first word is a name (`error_rate`, `view-feed`, `p99`) that is written so. */
export function capital(text: string): string {
  return /^[a-z]+(?= |$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
