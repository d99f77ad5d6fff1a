import { InputError } from '../domain/problem.ts';

/** What npm let through, and what the command would have understood. */
export interface Line {
  env: Readonly<Record<string, string | undefined>>;
  command: string;
  /** Words that came through, in the order in which they were typed. */
  words: readonly string[];
  options: readonly { name: string; isValued: boolean }[];
}

/** An option that npm kept; its value is AMONG_WORDS where npm took it for a word of its own. */
interface Kept {
  name: string;
  value?: string;
}

const AMONG_WORDS = 'true';
const FORMATS = /^(terminal|html|json|markdown|csv|ndjson)(,(terminal|html|json|markdown))*$/;

/** What values look like, to tell which word belonged to which option. */
const LOOKS: Readonly<Record<string, RegExp>> = {
  what: /^(timelines|latency|ledger)$/,
  set: /=/,
  fault: / at /,
  rate: /^x[\d.]+(,x?[\d.]+)*$/,
  format: FORMATS,
  duration: /^\d+(\.\d+)?(s|m|min|h)?$/,
  minutes: /^\d+(\.\d+)?$/,
  seed: /^\d+$/,
  seeds: /^\d+$/,
  threads: /^\d+$/,
  connections: /^\d+$/,
  lag: /^\d+$/,
  kappa: /^\d+(\.\d+)?$/,
  lines: /^\d+$/,
  ledger: /[./]/,
  out: /[./]/,
  baseline: /[./]/,
  threshold: /[<>=]/,
  tolerance: /^\d+(\.\d+)? ?%?$/,
};

/**
 * Options that npm took for its own because `--` was missing arrive as `npm_config_*`: says the line to type instead.
 *
 * Throws: InputError when there is one. npm leaves the value of `--seed 3` among the words, and `--set a=1 --set b=2` arrives as one
 * variable with an empty line in it.
 */
export function refuseSwallowed(line: Line): void {
  if (line.env.npm_lifecycle_event === undefined) return;
  const kept = line.options.flatMap((option) => keptOf(line, option));
  if (kept.length === 0) return;
  const loose = [...line.words];
  const name = nameAmong(loose, kept);
  const isPlain = ({ name: option }: Kept) => LOOKS[option] === undefined;
  for (const option of [...kept.filter((k) => !isPlain(k)), ...kept.filter(isPlain)])
    if (option.value === AMONG_WORDS) option.value = wordFor(option.name, loose) ?? 'VALUE';
  const found = kept.map((option) => `--${option.name}${option.value === undefined ? '' : ` ${quoted(option.value)}`}`);
  const typed = ['npm run', line.command, ...(name ? [quoted(name)] : []), '--', ...found, ...loose.map(quoted)].join(' ');
  const message = `npm kept ${found.length === 1 ? 'an option' : 'options'} for itself: ${found.join(', ')}`;
  throw new InputError([{ path: 'command line', message, expected: `-- before the options: ${typed}` }]);
}

/** Refuses words that no argument takes. Throws: InputError. */
export function refuseExtra(extra: readonly string[]): void {
  if (extra.length === 0) return;
  const message = `does not know what to do with '${extra.join(' ')}'`;
  const expected = 'no more words; lists are separated by commas without blanks';
  throw new InputError([{ path: 'command line', message, expected }]);
}

/** An option that npm kept, once for each time it was typed. `--format` leaves no trace but its value: npm completes it to an option of its own. */
function keptOf({ env, words }: Line, { name, isValued }: { name: string; isValued: boolean }): Kept[] {
  const isLoose = (word: string, i: number) => i > 0 && FORMATS.test(word) && !words[i - 1]?.startsWith('-');
  if (name === 'format' && words.some(isLoose)) return [{ name, value: AMONG_WORDS }];
  const given = env[`npm_config_${name.replaceAll('-', '_')}`];
  if (given === undefined || given === '' || given === 'false') return [];
  if (!isValued) return [{ name }];
  const values = given.split('\n\n').filter((value) => value !== '');
  return values.map((value) => ({ name, value }));
}

/** The scenario is the first word, unless there are no more words than options want and it looks like a value. */
function nameAmong(loose: string[], kept: readonly Kept[]): string | undefined {
  const wanting = kept.filter(({ value }) => value === AMONG_WORDS);
  const first = loose[0] ?? '-';
  const isValue = loose.length <= wanting.length && wanting.some(({ name }) => LOOKS[name]?.test(first));
  return first.startsWith('-') || isValue ? undefined : loose.shift();
}

/** Takes out the first word that looks like a value of this option. */
function wordFor(option: string, loose: string[]): string | undefined {
  const at = loose.findIndex((word) => LOOKS[option]?.test(word) ?? true);
  return at < 0 ? loose.shift() : loose.splice(at, 1)[0];
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
