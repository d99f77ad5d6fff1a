import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Report, ReportSchema } from '../../simulator/domain/report.ts';
import type { Sensitivity } from '../../simulator/domain/sensitivity.ts';
import { runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-sensitivity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One component behind one operation; what differs between the tests is its demand and the line to meet. */
function tiny(name: string, demand: object, o: { strategies: string[]; objectives: string[] }): string {
  const file = join(folder, `${name}.json`);
  const application = {
    name,
    description: 'one component',
    users: { count: 100 },
    objects: { count: 100 },
    components: { work: { description: 'all there is', ...demand } },
    operations: { ask: { description: 'one call', steps: [{ call: 'work' }] } },
  };
  const sessions = { think_ms: 1000, start: { ask: 1 }, next: { ask: { leave: 1 } } };
  const workload = { duration_s: 30, arrivals: { kind: 'constant', rate: 16 }, sessions };
  writeFileSync(file, JSON.stringify({ name, description: 'tiny', application, workload, ...o, seeds: 2 }));
  return file;
}

async function reportFor(file: string, ...words: string[]): Promise<Report> {
  const { stdout, stderr } = await runHere(['scenario', file, '--json', '--stable', '--quiet', ...words]);
  expect(stderr).toBe('');
  return ReportSchema.parse(JSON.parse(stdout));
}

async function study(file: string, ...words: string[]): Promise<Sensitivity> {
  const { sensitivity } = await reportFor(file, '--sensitivity', ...words);
  if (sensitivity === undefined) throw new Error('no study in the report');
  return sensitivity;
}

const turning = ({ rows, chosen }: Sensitivity) =>
  rows.filter((row) => row.chosen !== chosen).map((row) => `${row.name} ${row.direction}: ${row.chosen}`);

describe('--sensitivity', () => {
  // A function is paid by the millisecond. A server with two cores is one instance as long as R + sqrt R <= 2, and R goes from
  // 16/s x .031 s = .5 to 1: twice the work costs functions twice as much, and servers nothing. Functions have no NAT gateway; three
  // at $33 a month are more than the difference.
  const dear = tiny('dear', { cpu_ms: 31 }, { strategies: ['all-functions', 'all-servers'], objectives: ['error_rate <= 1 %'] });

  it('finds what makes servers the cheaper choice: twice the work, or gateways that only functions do without', async () => {
    const found = await study(dear);
    expect(found.chosen).toBe('all-functions');
    expect(turning(found).sort()).toEqual(['gateway.nat_gateways doubled: all-servers', 'work cpu_ms doubled: all-servers']);
    expect(found.because).toContain("if work's cpu_ms doubles: then all-servers");
    expect(found.because).toContain('if gateway.nat_gateways goes to 3, the end of its range: then all-servers');
  });

  it('finds that a wait of 100 ms under a limit of 180 ms is what no placement survives doubled', async () => {
    const strategies = ['all-functions', 'all-servers'];
    const file = tiny('waiting', { io_ms: 100 }, { strategies, objectives: ['ask p50 <= 180 ms'] });
    expect(turning(await study(file))).toContain('work io_ms doubled: null');
  });

  it('finds nothing that overturns a choice of one without a line to miss', async () => {
    const found = await study(tiny('alone', { cpu_ms: 31 }, { strategies: ['all-servers'], objectives: [] }));
    expect(turning(found)).toEqual([]);
    expect(found.because).toContain('The choice of all-servers stands');
  });

  it('leaves the report as it is without it, and starts from its very figures', async () => {
    const plain = await reportFor(dear, '--seeds', '1');
    const { sensitivity, ...rest } = await reportFor(dear, '--seeds', '1', '--sensitivity');
    expect(JSON.stringify(rest)).toBe(JSON.stringify(plain));
    const chosen = plain.strategies.find(({ name }) => name === sensitivity?.strategy);
    expect(sensitivity?.base.month_usd).toBe(chosen?.bill.month_usd);
    expect(sensitivity?.base.p95_ms).toBe(chosen?.operations[0]?.latency_ms.p95);
  });

  it('takes the first seed alone unless seeds are asked for, whatever the number of threads', async () => {
    const file = tiny('seeds', { cpu_ms: 31 }, { strategies: ['all-servers'], objectives: [] });
    const [one, two, asked] = [await study(file, '--threads', '1'), await study(file), await study(file, '--seeds', '2')];
    expect([one.seeds, asked.seeds]).toEqual([[1], [1, 2]]);
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });
});
