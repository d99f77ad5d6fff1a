import { describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { meanMs, merged, quantileMs } from '../../simulator/measure/histogram.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { roundsPerMs } from '../../simulator/worlds/live/burn.ts';
import { openStack } from '../../simulator/worlds/live/stacks/index.ts';
import { findRabbitmq } from '../../simulator/worlds/live/stacks/rabbitmq-program.ts';
import { EMBEDDED } from '../../simulator/worlds/live/stacks/stack.ts';
import { runCell } from '../../simulator/worlds/live/world.ts';

const RATE = 1_000;
/** Rises to the rate before anything is counted: programs that have just started serve their first thousands of requests at a tenth of their speed. */
const RISE_S = 10;
const WARMUP_S = 15;
const SECONDS = 45;
/** Burn of each component, ms: what is measured is the machinery, not the work. */
const BURN_MS = 0.15;

/** `hello` as a load for the machinery: little burn, and at most one operation in five that publishes. */
function fastHello() {
  const { components } = hello.application;
  const light = Object.fromEntries(
    Object.entries(components).map(([name, c]) => [name, c.cache ? c : { ...c, cpu_ms: BURN_MS }]),
  );
  return ScenarioSchema.parse({
    ...hello,
    application: { ...hello.application, components: light },
    workload: {
      ...hello.workload,
      duration_s: SECONDS,
      arrivals: {
        kind: 'ramp',
        points: [
          [0, RATE / 20],
          [RISE_S, RATE],
          [SECONDS, RATE],
        ],
      },
      sessions: { ...hello.workload.sessions, next: { read: { read: 6, sign: 2, leave: 2 }, sign: { read: 1, leave: 1 } } },
    },
    overrides: { events: { 'entry-signed': { channel: 'rabbitmq' } } },
    parameters: { 'server.cores': 1 },
    warmup_s: WARMUP_S,
    drain_s: 30,
  });
}

describe('1,000 operations a second through real parts', () => {
  it.skipIf(findRabbitmq() === undefined)('all-servers with RabbitMQ: nothing lost; how fast is printed', async () => {
    const scenario = fastHello();
    const axes = { strategies: ['all-servers'], controllers: ['static'], rates: [1], seeds: [1], wantsLedger: false };
    const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
    if (cell === undefined) throw new Error('no cell');
    const stack = await openStack({ choice: EMBEDDED, plans: [cell.plan], say: () => undefined });
    try {
      const { result, lateness } = await runCell(cell, { stack, namespace: 'rate', burn_per_ms: roundsPerMs() });
      const all = merged(result.operations.map((o) => o.latency));
      const [sent, served] = (['sent', 'served'] as const).map((of) => result.operations.reduce((sum, o) => sum + o[of], 0));
      const counted_s = (cell.plan.duration_ms - cell.plan.warmup_ms) / 1000;
      const signs = result.operations.find((o) => o.name === 'sign')?.sent ?? 0;
      const ms = (x: number | null) => x?.toFixed(2);
      console.log(
        `asked ${((sent ?? 0) / counted_s).toFixed(0)}/s, served ${((served ?? 0) / counted_s).toFixed(0)}/s, ${((100 * signs) / (sent ?? 1)).toFixed(0)} % publish; ` +
          `latency mean ${ms(meanMs(all))}, p50 ${ms(quantileMs(all, 0.5))}, p99 ${ms(quantileMs(all, 0.99))} ms; ` +
          `driver late p50 ${ms(lateness.p50_ms)}, p99 ${ms(lateness.p99_ms)}, max ${ms(lateness.max_ms)} ms, ${lateness.unsent} unsent`,
      );
      expect(result.checks.find((check) => check.name === 'lost')?.count).toBe(0);
      expect(signs / (sent ?? 1)).toBeLessThanOrEqual(0.2);
      expect(served).toBe(sent);
    } finally {
      await stack.end();
    }
  });
});
