import { describe, expect, it } from 'vitest';
import { scenarioOptions } from '../../simulator/cli/scenario-options.ts';
import { refuseSwallowed } from '../../simulator/cli/swallowed.ts';
import type { InputError } from '../../simulator/domain/problem.ts';

const OPTIONS = scenarioOptions().map((option) => ({ name: option.name(), isValued: option.required }));

/** The line that is proposed when npm hands over these variables and words, as npm 10 and 11 do. */
function proposed(kept: Record<string, string>, words: string[]): string | undefined {
  const env = { npm_lifecycle_event: 'scenario', ...kept };
  try {
    refuseSwallowed({ env, command: 'scenario', words, options: OPTIONS });
    return undefined;
  } catch (error) {
    return (error as InputError).problems[0]?.expected?.replace('-- before the options: npm run scenario ', '');
  }
}

describe('options that npm kept for itself', () => {
  it.each<[string, Record<string, string>, string[], string]>([
    ['--seed 3', { npm_config_seed: 'true' }, ['hello', '3'], 'hello -- --seed 3'],
    ['--seed=3', { npm_config_seed: '3' }, ['hello'], 'hello -- --seed 3'],
    ['--open', { npm_config_open: 'true' }, ['hello'], 'hello -- --open'],
    ['two assignments', { npm_config_set: 'true\n\ntrue' }, ['hello', 'a=1', 'b=2'], 'hello -- --set a=1 --set b=2'],
    ['two assignments with =', { npm_config_set: 'a=1\n\nb=2' }, ['hello'], 'hello -- --set a=1 --set b=2'],
    [
      'values by their looks, not by their order',
      { npm_config_out: 'true', npm_config_seeds: 'true', npm_config_rate: 'true', npm_config_strategy: 'true' },
      ['hello', '/tmp/x', 'x1,x2', 'hybrid', '4'],
      'hello -- --strategy hybrid --rate x1,x2 --seeds 4 --out /tmp/x',
    ],
    ['no scenario', { npm_config_seeds: 'true' }, ['2'], '-- --seeds 2'],
    ['no value', { npm_config_seeds: 'true' }, ['hello'], 'hello -- --seeds VALUE'],
    ['a format, which leaves no variable', {}, ['hello', 'json'], 'hello -- --format json'],
    ['something to quote', { npm_config_out: 'my run' }, ['hello'], "hello -- --out 'my run'"],
  ])('%s are answered with the line to type', (_name, kept, words, line) => {
    expect(proposed(kept, words)).toBe(line);
  });

  it('are none when npm kept nothing, or when it is not npm that started us', () => {
    expect(proposed({ npm_config_seeds: '', npm_config_json: 'false' }, ['hello'])).toBeUndefined();
    expect(proposed({}, ['hello', '--quiet', '--format', 'html,json', '--out', 'json'])).toBeUndefined();
    expect(() =>
      refuseSwallowed({ env: { npm_config_seeds: '3' }, command: 'scenario', words: [], options: OPTIONS }),
    ).not.toThrow();
  });
});
