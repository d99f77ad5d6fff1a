import { InputError } from '../domain/problem.ts';

/**
 * Options that npm took for its own because `--` was missing arrive as `npm_config_*`: says the line to type instead.
 *
 * Throws: InputError when there is one. `valued` tells options that take a value; npm leaves that value among the words.
 */
export function refuseSwallowed(o: {
  env: Readonly<Record<string, string | undefined>>;
  command: string;
  words: readonly string[];
  options: readonly { name: string; isValued: boolean }[];
}): void {
  if (o.env.npm_lifecycle_event === undefined) return;
  const loose = [...o.words];
  const name = loose[0] !== undefined && !loose[0].startsWith('-') ? loose.shift() : undefined;
  const found = o.options.flatMap((option) => {
    const value = o.env[`npm_config_${option.name.replaceAll('-', '_')}`];
    if (value === undefined || value === '' || value === 'false') return [];
    if (!option.isValued) return [`--${option.name}`];
    return [`--${option.name} ${value === 'true' ? (loose.shift() ?? 'VALUE') : value}`];
  });
  if (found.length === 0) return;
  const line = ['npm run', o.command, ...(name ? [name] : []), '--', ...found, ...loose].join(' ');
  const message = `npm kept ${found.length === 1 ? 'an option' : 'options'} for itself: ${found.join(', ')}`;
  throw new InputError([{ path: 'command line', message, expected: `-- before the options: ${line}` }]);
}
