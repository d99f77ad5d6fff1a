import { chmodSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { ReportSchema } from '../../simulator/domain/report.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { fitMachine } from '../../simulator/run/fit-machine.ts';
import { environmentsFor } from '../../simulator/worlds/live/environments.ts';
import { MINISTACK_HINT, ministackProgram } from '../../simulator/worlds/live/stacks/aws/ministack.ts';
import { findPostgres } from '../../simulator/worlds/live/stacks/postgres-binaries.ts';
import { runCli } from '../cli/run-cli.ts';
import { cellOf, FUNCTION } from '../virtual/small.ts';

describe('functions in an emulator', () => {
  const planOf = (parameters: Record<string, number> = {}) => cellOf({ overrides: { components: FUNCTION }, parameters }).plan;
  const environments = (rate: number, parameters?: Record<string, number>) => {
    const plan = planOf(parameters);
    return environmentsFor(
      plan,
      plan.parts.findIndex((part) => part.kind === 'function'),
      rate,
    );
  };

  it('have environments for what the load keeps busy, with room to spare, and no more than are reserved', () => {
    // 10 ms of work and 20 ms of the emulator: 3 are busy at 100 a second, and twice the root of that stands beside them.
    expect(environments(100)).toBe(Math.ceil(3 + 2 * Math.sqrt(3)));
    expect(environments(0)).toBe(0);
    expect(environments(100, { 'function.reserved': 2 })).toBe(2);
  });

  it('are dearer for the machine than our own, so less load fits', () => {
    const scenario = ScenarioSchema.parse(hello);
    const fitted = (isEmulated: boolean) => fitMachine(scenario, { rate: 4, isExact: false, isEmulated, cores: 2 });
    expect(fitted(true).factor).toBeLessThan(fitted(false).factor);
    expect(() => fitMachine(scenario, { rate: 4, isExact: true, isEmulated: true, cores: 2 })).toThrow(/cores at its peak/);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-emulator-'));
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ministack = ministackProgram(process.env);
const isHere = ministack !== undefined && findPostgres() !== undefined;
if (!isHere)
  writeSync(2, `skipped: functions under load in MiniStack, which is not here, or PostgreSQL is not. ${MINISTACK_HINT}\n`);

describe.skipIf(!isHere)('a live run whose functions MiniStack runs', () => {
  it('ends with a report that says so', { timeout: 240_000 }, async () => {
    const env = { NO_COLOR: '1', TMPDIR: folder, MINISTACK: ministack as string };
    const where = ['--aws', 'ministack', '--functions', 'emulator'];
    const line = ['live', 'hello', '--strategy', 'all-functions', ...where, '--duration', '5s', '--rate', 'x0.2', '--json'];
    const { code, stderr, stdout } = await runCli(line, { cwd: folder, env });
    if (/so the driver has measured itself/.test(stderr)) return void writeSync(2, `not judged: ${stderr}`);
    expect([0, 1, 4], stderr).toContain(code);
    const { live, strategies } = ReportSchema.parse(JSON.parse(stdout));
    expect(live?.aws).toEqual({ backend: 'ministack', functions: 'emulator' });
    expect(live?.notes.join(' ')).toContain('environments that were started before the run');
    expect(strategies[0]?.operations.map(({ sent, served }) => sent - served)).toEqual([0, 0]);
    expect(strategies[0]?.checks.filter(({ binds, holds }) => binds && !holds)).toEqual([]);
  });
});
