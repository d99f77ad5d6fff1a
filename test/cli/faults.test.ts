import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../simulator/domain/fault.ts';
import { runHere } from './run-cli.ts';

const HELLO = ['scenario', 'hello', '--seeds', '1', '--quiet', '--strategy', 'all-functions'];

describe('--fault', () => {
  it('happens, is in the report, and can fail a scenario that meets everything without it', async () => {
    const words = [...HELLO, '--json', '--set', 'objectives=["error_rate <= 1 %"]'];
    const calm = await runHere(words);
    const faulty = await runHere([...words, '--fault', 'stop sqs at 30s for 1m']);
    expect([calm.code, faulty.code]).toEqual([0, 1]);
    const faults = JSON.parse(faulty.stdout).scenario.faults;
    expect(faults).toEqual([{ kind: 'stop', text: 'stop sqs', at_s: 30, for_s: 60, is_outside: false, without_effect: [] }]);
    expect(JSON.parse(calm.stdout).scenario).not.toHaveProperty('faults');
  });

  it('may be said several times; one that finds nothing, and one outside the window, are said to', async () => {
    const words = [...HELLO, '--duration', '30s', '--format', 'terminal'];
    const { stdout } = await runHere([...words, '--fault', 'kill server at 5s', '--fault', 'stop sqs at 110s for 5s']);
    expect(stdout).toContain('kill server at 0:05; no effect under all-functions');
    expect(stdout).toContain('stop sqs: outside the window');
  });

  it('is refused with everything that is wrong, in the words in which it was said', async () => {
    const faults = ['stopp sqs at 5 for 5', 'stop thank at 5', 'kill pge at 5', 'stop s3 at 5 for 5'];
    const { code, stderr } = await runHere([...HELLO, ...faults.flatMap((text) => ['--fault', text])]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--fault 'stopp sqs at 5 for 5': there is no fault 'stopp'.*did you mean stop\?/);
    expect(stderr).toMatch(/--fault 'stop thank at 5': for_s is missing/);
    expect(stderr).toMatch(/--fault 'kill pge at 5': unknown target of kill "pge".*did you mean page\?/);
  });

  it('is refused when no strategy has what it needs', async () => {
    const { code, stderr } = await runHere([...HELLO, '--fault', 'stop s3 at 5 for 5']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("fault 'stop s3': no strategy has anything that it could act on"),
    ]);
  });

  it('has its kinds in the list', async () => {
    const { stdout } = await runHere(['list']);
    for (const kind of FAULT_KINDS) expect(stdout).toMatch(new RegExp(`^  ${kind}  `, 'm'));
  });

  it('is explained', async () => {
    const { stdout } = await runHere(['explain', 'hello', '--fault', 'lose-zone at 30s']);
    expect(stdout).toContain('lose-zone at 30 s, on');
  });
});
