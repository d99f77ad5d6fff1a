import { chmodSync, mkdtempSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Report, ReportSchema } from '../../simulator/domain/report.ts';
import { HOW_TO_GET_K6, k6Program } from '../../simulator/worlds/live/stacks/k6-program.ts';
import { findPostgres } from '../../simulator/worlds/live/stacks/postgres-binaries.ts';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-drivers-'));
// Servers that refuse to run as root run as nobody, who has to get to its own folder in it.
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasPostgres = findPostgres() !== undefined;
if (!hasPostgres) writeSync(2, 'skipped: other drivers need PostgreSQL for hello, whose npm package is not installed\n');
const hasK6 = k6Program() !== undefined;
if (!hasK6) writeSync(2, `skipped: the live run that k6 sends, since k6 is not here. ${HOW_TO_GET_K6}\n`);

/** A few seconds of `hello` sent by another driver; nothing where this machine was too busy for it to keep its times. */
async function sent(strategy: string, ...words: string[]): Promise<Report | undefined> {
  const env = { NO_COLOR: '1', TMPDIR: folder };
  const line = ['live', 'hello', '--strategy', strategy, '--duration', '5s', '--json', ...words];
  const { code, stderr, stdout } = await runCli(line, { cwd: folder, env });
  expect(readdirSync(folder).filter((name) => name.startsWith('placement-lab-run-'))).toEqual([]);
  if (/so the driver has measured itself/.test(stderr)) {
    writeSync(2, `not judged: ${stderr}`);
    return undefined;
  }
  expect([0, 1, 4], stderr).toContain(code);
  const report = ReportSchema.parse(JSON.parse(stdout));
  for (const { checks, name } of report.strategies)
    for (const check of checks.filter(({ binds }) => binds))
      expect([name, check.name, check.holds]).toEqual([name, check.name, true]);
  return report;
}

describe.skipIf(!hasPostgres || !hasK6)('a live run that k6 sends', () => {
  it('has the same rows as one of the own driver, and says how late k6 was', { timeout: 240_000 }, async () => {
    const report = await sent('hybrid', '--driver', 'k6', '--rate', 'x0.5');
    if (report === undefined) return;
    expect(report.live?.sent_by).toBe('k6');
    expect(report.live?.driver.map(({ strategy, unsent }) => [strategy, unsent])).toEqual([['hybrid', 0]]);
    for (const { operations } of report.strategies)
      for (const { latency_ms, served } of operations) expect(latency_ms.histogram.count).toBe(served);
  });
});

describe.skipIf(!hasPostgres)('a live run that autocannon sends', () => {
  it('says what each placement sustains at most, and of latency nothing but its own', { timeout: 240_000 }, async () => {
    const report = await sent('all-servers', '--driver', 'autocannon', '--connections', '8');
    const { saturation, sent_by, driver } = report?.live ?? {};
    expect([sent_by, driver]).toEqual(['autocannon', []]);
    expect(saturation?.not_judged).toEqual(['read p95 <= 120 ms', 'sign p95 <= 150 ms']);
    expect(saturation?.runs.map(({ strategy, connections, half }) => [strategy, connections, half.connections])).toEqual([
      ['all-servers', 8, 4],
    ]);
    for (const run of saturation?.runs ?? []) {
      expect(run.served_per_s).toBeGreaterThan(0);
      expect(run.operations.reduce((sum, { served }) => sum + served, 0)).toBeGreaterThan(0);
    }
    for (const { objectives, operations } of report?.strategies ?? []) {
      expect(objectives.map(({ text }) => text)).toEqual(['error_rate <= 1 %', 'lost == 0']);
      for (const { latency_ms, pending } of operations)
        expect([latency_ms.p95, latency_ms.max, pending]).toEqual([null, null, 0]);
    }
  });
});
