import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { FAULT_KINDS } from '../../simulator/domain/fault.ts';
import { ChannelPlacementSchema } from '../../simulator/domain/placement.ts';
import { InputError } from '../../simulator/domain/problem.ts';
import { loadNamed } from '../../simulator/run/load.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';
import { runCell } from '../../simulator/worlds/virtual/world.ts';
import { runHere } from '../cli/run-cli.ts';

const SEED = 20261125;
const CHANNELS = ChannelPlacementSchema.options.map((option) => option.shape.channel.value);
const TARGETS = ['page', 'book', 'thank', 'entries', 'thanks', 'entry-signed', 'sqs', 'server', 'function', 'dynamodb', 'nobody'];

/** A fault that may be nonsense: an unknown target, an amount of the wrong kind, a time after the end. */
const anyFault = fc.record({
  kind: fc.constantFrom(...FAULT_KINDS),
  target: fc.constantFrom(...TARGETS),
  amount: fc.constantFrom<number | undefined>(undefined, 0, 0.3, 1, 3, 50),
  at_s: fc.integer({ min: 0, max: 40 }),
  for_s: fc.integer({ min: 0, max: 40 }),
});

/** Changes to `hello` that people make, sensible or not. */
const anyAssignments = fc.subarray([
  'application.components.page.cpu_ms=120',
  'application.components.page.error_rate=0.2',
  'application.components.thank.idempotent=false',
  'application.components.thank.error_rate=0.5',
  'application.components.thank.memory_mb=3000',
  'application.components.book.io_ms={"kind":"exponential","mean":300}',
  'application.operations.read.timeout_ms=40',
  'application.operations.sign.attempts=6',
  'account.concurrency=3',
  'function.timeout_s=1',
  'function.provisioned=2',
  'function.idle_expiry_s=1',
  'server.slots=1',
  'server.queue_limit=0',
  'server.boot_s=5',
  'gateway.rate_limit_per_s=20',
  'gateway.burst=1',
  'host.cores=2',
  'host.other_load=0.5',
  'dynamodb.partition_write_units=2',
  'postgres.connections=1',
  'edge.capacity_rows=1',
  'workload.process={"kind":"bursty","cv2":20}',
  'workload.arrivals={"kind":"on-off","on":200,"off":0,"on_s":2,"off_s":5}',
  'drain_s=1',
  'warmup_s=0',
]);

/** `hello`, and the same where a sign-in that fails for good is undone by a message, unless the thanks are out. */
const BASES = {
  plain: hello,
  undone: {
    ...hello,
    application: {
      ...hello.application,
      components: {
        ...hello.application.components,
        book: {
          description: 'takes an entry unless it was taken back',
          cpu_ms: 6,
          steps: [{ write: 'entries', effect: 'signed', unless: 'unsigned' }, { publish: 'entry-signed' }],
        },
        regret: {
          description: 'takes an entry back',
          cpu_ms: 2,
          steps: [{ write: 'entries', effect: 'unsigned', undoes: 'signed', unless: 'thanked' }],
        },
      },
      events: {
        'entry-signed': {
          description: 'someone signed',
          consumers: { thank: { on_failure: { publish: 'sign-failed', unless: 'thanked' } } },
        },
        'sign-failed': { description: 'it did not work out', consumers: { regret: {} } },
      },
      operations: {
        ...hello.application.operations,
        sign: { ...hello.application.operations.sign, on_failure: { publish: 'sign-failed', after_s: 1 } },
      },
    },
  },
};

const anyRun = fc.record({
  base: fc.constantFrom(...(Object.keys(BASES) as (keyof typeof BASES)[])),
  isTraced: fc.boolean(),
  strategy: fc.constantFrom(...Object.keys(STRATEGIES)),
  channel: fc.constantFrom(...CHANNELS),
  faults: fc.array(anyFault, { maxLength: 3 }),
  assignments: anyAssignments,
  rate: fc.constantFrom(0.05, 0.5, 2),
  length_s: fc.constantFrom(5, 20, 40),
});

type Run = typeof anyRun extends fc.Arbitrary<infer R> ? R : never;

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-generated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loads, compiles and plays it as the command line does; what is broken at the end of the run. */
async function broken({ base, isTraced, strategy, channel, faults, assignments, rate, length_s }: Run): Promise<string[]> {
  const path = join(folder, 'scenario.json');
  writeFileSync(path, JSON.stringify({ ...BASES[base], faults, overrides: { events: { 'entry-signed': { channel } } } }));
  const scenario = await loadNamed(path, assignments);
  const axes = { strategies: [strategy], controllers: [], rates: [rate], seeds: [1], length_s, wantsLedger: false };
  const cells = cellsOf(scenario, rowsOf(scenario, axes), axes);
  return cells.flatMap((cell) => runCell(isTraced ? { ...cell, traces: 'sampled' } : cell).broken);
}

describe('whatever people ask for', () => {
  it(`10,000 generated scenarios with faults run soundly or say what is wrong (seed ${SEED})`, async () => {
    const ran = { plain: 0, undone: 0 };
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        try {
          expect(await broken(run)).toEqual([]);
          ran[run.base]++;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
          for (const { path, message } of error.problems) expect(`${path} ${message}`).toMatch(/\S \S/);
          refused++;
        }
      }),
      { numRuns: 10_000, seed: SEED },
    );
    console.log(`${ran.plain} and ${ran.undone} (with undoing) ran soundly, ${refused} were refused with words`);
    expect(ran.plain).toBeGreaterThan(1_000);
    expect(ran.undone).toBeGreaterThan(1_000);
    expect(refused).toBeGreaterThan(500);
  });

  it(`1,000 generated command lines end with a known code and with words (seed ${SEED})`, async () => {
    const options = [
      '--strategy',
      '--set',
      '--fault',
      '--rate',
      '--seed',
      '--seeds',
      '--duration',
      '--require',
      '--format',
      '--nonsense',
    ];
    const values = [
      'hybrid',
      'hybird',
      'x2',
      'x-1',
      '3',
      '0',
      '1e99',
      '10s',
      'a=b',
      'sqs.visibility_timeout_s=0',
      '__proto__.x=1',
      'stop sqs at 5s',
      '',
      '💥',
    ];
    const words = fc.array(fc.oneof(fc.constantFrom(...options), fc.constantFrom(...values)), { maxLength: 5 });
    const codes = new Map<number | null, number>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('explain', 'compare', 'export', 'scenari', 'list'), words, async (command, rest) => {
        const { code, stdout, stderr } = await runHere([command, 'hello', ...rest]);
        codes.set(code, (codes.get(code) ?? 0) + 1);
        expect([0, 2, 3]).toContain(code);
        expect(`${stdout}${stderr}`.trim()).not.toBe('');
        expect(stderr).not.toMatch(/\n\s+at .*\.ts:\d+/);
      }),
      { numRuns: 1_000, seed: SEED },
    );
    console.log([...codes].map(([code, n]) => `${n} ended with ${code}`).join(', '));
  });
});
