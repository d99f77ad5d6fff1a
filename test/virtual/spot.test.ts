import { describe, expect, it } from 'vitest';
import type { CellResult } from '../../simulator/domain/cell.ts';
import type { Part } from '../../simulator/domain/plan.ts';
import { billOf } from '../../simulator/measure/bill.ts';
import { CalendarQueue } from '../../simulator/worlds/virtual/engine/calendar-queue.ts';
import { Fleet } from '../../simulator/worlds/virtual/platforms/fleet.ts';
import { consume, count, maxMs, outcomes, play, type Small, servers, times, work } from './small.ts';
import { ask } from './what-if.ts';

/** Machines that stay as many, on spot above a share of them. */
function spot(instances: number, o: { slots?: number; share?: number; name?: string } = {}): ReturnType<typeof servers> {
  const { station } = servers(instances, o.slots ?? 1) ?? {};
  return { [o.name ?? 'station']: { ...(station as object), platform: 'server', spot: { on_demand_share: o.share ?? 0 } } };
}

const HOURLY = 730;
const hazard = (perHour: number) => ({ 'server.spot_interruptions_per_month': perHour * HOURLY });
const CALM = hazard(0);
const wave = (at_s: number, amount = 1) => ({ kind: 'spot-wave' as const, at_s, amount });
const waits = (io_ms: number): NonNullable<Small['components']> => ({ station: { description: 'waits', io_ms } });
const LONG = { work: { description: 'long', attempts: 1, timeout_ms: 900_000, steps: [{ call: 'station' }] } };
const PATIENT = { 'gateway.timeout_ms': 900_000 };
const ready = (result: CellResult, at_s: number) => result.pools[0]?.timeline.filter((s) => s.at_s <= at_s).at(-1)?.ready;
const interruptions = (result: CellResult, pool = 0) => result.pools[pool]?.interruptions ?? Number.NaN;

describe('interruptions, against their rate on paper', () => {
  it('are a Poisson process: rate times instance-hours, within four standard deviations', () => {
    const overrides = { components: spot(10) };
    const runs = [1, 2, 3, 4, 5].map((seed) =>
      interruptions(play({ overrides, parameters: hazard(1), rate: 0.01, duration_s: 86_400, seed })),
    );
    const expected = 10 * 24;
    for (const n of runs) expect(Math.abs(n - expected)).toBeLessThan(4 * Math.sqrt(expected));
    const sum = runs.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - 5 * expected)).toBeLessThan(4 * Math.sqrt(5 * expected));
    expect(new Set(runs).size).toBeGreaterThan(1);
  });

  it('never happen to the on-demand base', () => {
    const run = (share: number) =>
      interruptions(play({ overrides: { components: spot(4, { share }) }, parameters: hazard(60), duration_s: 3600 }));
    expect([run(1), run(0.5) > 0, run(0) > run(0.5)]).toEqual([0, true, true]);
  });

  it('of a single machine leave it available for exp(-rate x boot): a machine is up from its boot to its notice', () => {
    const perHour = 12;
    const o = {
      overrides: { components: spot(1, { slots: 1000 }) },
      parameters: { ...PATIENT, ...hazard(perHour), 'server.boot_s': 60 },
    };
    const result = play({ ...o, rate: 0.2, duration_s: 604_800, operations: LONG });
    const { latency } = work(result);
    const { sent, served } = outcomes(result);
    // 10 ms, unless it had to wait for a machine.
    const atOnce = latency.buckets.filter(([bucket]) => bucket === latency.buckets[0]?.[0]).reduce((sum, [, n]) => sum + n, 0);
    expect(served).toBe(sent);
    // Two thousand cycles: a standard deviation of .4 %.
    expect(Math.abs(atOnce / sent - Math.exp((-perHour * 60) / 3600))).toBeLessThan(3 * 0.004);
    expect(maxMs(result)).toBeGreaterThan(59_000);
  });
});

describe('the notice, on paper', () => {
  it('ends new work at once and orders the next machine: what comes waits for exactly a boot', () => {
    const result = play({
      overrides: { components: spot(1, { slots: 100 }) },
      parameters: CALM,
      faults: [wave(30.5)],
      duration_s: 200,
    });
    expect(outcomes(result)).toMatchObject({ sent: 199, served: 199 });
    // What came at 31 s is begun at 90.5 s.
    expect(maxMs(result)).toBeCloseTo(59_500 + 10, 6);
    expect([ready(result, 30), ready(result, 89), ready(result, 92), interruptions(result)]).toEqual([1, 0, 1, 1]);
  });

  it('lets shorter work finish and cuts longer work when it is over, of half the machines', () => {
    const run = (io_ms: number) =>
      play({
        components: waits(io_ms),
        operations: LONG,
        overrides: { components: spot(2, { slots: 500 }) },
        parameters: { ...PATIENT, ...CALM },
        duration_s: 600,
        faults: [wave(300.5, 0.5)],
      });
    expect(outcomes(run(100_000)).failed).toBe(0);
    // Of the calls of the last 30 s, half ran there: the others are done at 420.5 s.
    expect(outcomes(run(150_000)).failed).toBe(15);
  });

  it('is the same where the machine goes by itself: shorter work finishes, of longer work the last 30 s are cut', () => {
    const run = (io_ms: number) =>
      play({
        components: waits(io_ms),
        operations: LONG,
        overrides: { components: spot(1, { slots: 1000 }) },
        parameters: { ...PATIENT, ...hazard(12), 'server.queue_limit': 10_000 },
        duration_s: 7200,
      });
    const [short, long] = [run(100_000), run(150_000)];
    expect([interruptions(short) > 5, outcomes(short).failed]).toEqual([true, 0]);
    expect(outcomes(long).failed).toBeGreaterThan(0);
    // Those that waited for the boot begin together, and may be cut together: at most a boot's more.
    expect(outcomes(long).failed).toBeLessThanOrEqual(interruptions(long) * (30 + 60));
  });

  it('takes a card with a batch that lasts longer, though its pool would let it finish', () => {
    const components = {
      station: { platform: 'gpu' as const, batch_max: 1, minimum: 1, maximum: 1, controller: { name: 'static' }, spot: {} },
    };
    const result = play({
      components: { station: { description: 'long on a card', gpu_ms: 200_000 } },
      operations: LONG,
      overrides: { components },
      parameters: { ...PATIENT, 'gpu.spot_interruptions_per_month': 0, 'gpu.batch_base': 0 },
      rate: 0.004,
      duration_s: 600,
      faults: [wave(300.5)],
    });
    expect(outcomes(result)).toMatchObject({ sent: 2, served: 1, failed: 1 });
  });

  it('loses no message: what was cut comes again after its visibility timeout', () => {
    const result = consume({
      station: { io_ms: 900 },
      overrides: { components: spot(1) },
      parameters: { ...CALM, 'server.spot_notice_s': 0, 'server.boot_s': 10, 'sqs.visibility_timeout_s': 60 },
      faults: [wave(30.5)],
    });
    expect([count(result, 'lost'), count(result, 'twice'), times(result, 'handled').length]).toEqual([0, 0, 59]);
    const again = result.ledger?.filter((e) => e.kind === 'handled' && e.attempt === 2) ?? [];
    expect(again.map((e) => Math.floor(e.at_ms / 1000))).toEqual([90]);
  });
});

describe('what is bought how', () => {
  it('a wave of all takes the spot machines only', () => {
    const o = { overrides: { components: spot(4, { share: 0.5 }) }, parameters: { ...CALM, 'server.boot_s': 10 } };
    const result = play({ ...o, faults: [wave(30.5)] });
    expect([ready(result, 30), ready(result, 31), ready(result, 45), interruptions(result)]).toEqual([4, 2, 4, 2]);
  });

  it('is billed by the second, a minute a launch at least, on demand and spot apart: 8.16 and 2.94 dollars', () => {
    const o = { overrides: { components: spot(20, { share: 0.5 }) }, parameters: CALM, duration_s: 36_000 };
    // All are idle at both waves. The second finds ten machines that have started half a minute ago.
    const result = play({ ...o, faults: [wave(18_000.5), wave(18_030.5)] });
    const usd = Object.fromEntries(billOf([result]).lines.map((line) => [line.item, line.usd]));
    expect(usd['server-hours:m7g.large']).toBeCloseTo(10 * 10 * 0.0816, 9);
    expect(usd['server-hours-spot:m7g.large']).toBeCloseTo((10 * 10 + (10 * 30) / 3600) * 0.02938, 9);
    expect(interruptions(result)).toBe(20);
  });

  it('after its notice, a spot machine is paid for as long as it still works', () => {
    const o = { components: waits(100_000), operations: LONG, overrides: { components: spot(1, { slots: 500 }) } };
    const result = play({ ...o, parameters: { ...PATIENT, ...CALM }, duration_s: 600, faults: [wave(300.5)] });
    const hours = result.usage.find((u) => u.item === 'server-hours-spot:m7g.large')?.quantity ?? Number.NaN;
    // Until what came at 300 s is done; the next from its launch; and the call of 599 s after the end.
    expect(hours * 3600).toBeCloseTo(400 + 299.5 + 99, 6);
  });

  it('the base is bought first, and again when it was lost; scale-in lets spot machines go first', () => {
    const fleet = fleetOf({ initial: 4, onDemand: 2 });
    expect(fleet.spotOnes).toEqual([2, 3]);
    fleet.evict(0, 1000, 0);
    fleet.resize(5, 1000);
    expect(fleet.spotOnes).toEqual([2, 3, 5]);
    fleet.booted(4, 2000);
    fleet.booted(5, 2000);
    fleet.resize(2, 3000);
    expect([fleet.spotOnes, fleet.existingOnes]).toEqual([[], [1, 4]]);
  });
});

function fleetOf({ initial, onDemand }: { initial: number; onDemand: number }): Fleet {
  const controller = { name: 'static', options: {} };
  const sizing = { initial, minimum: 0, maximum: 9, reserved: 0, onDemand, controller, holding_ms: 1, slots: 1 };
  const values = { boot_s: 1, drain_s: 300, disk_gb: 8, spot_notice_s: 120, spot_interruptions_per_month: 0 };
  const part: Part = { path: 'server/x', kind: 'server', owner: 'x', values, words: {}, sizing };
  return new Fleet(part, 0, { events: new CalendarQueue(() => 0), seed: 1, endMs: 1e9, extraBootMs: 0 });
}

describe('noise', () => {
  const two = (names: readonly string[], parameters: Small['parameters'], pool = 'server/right') => {
    const operations = { go: { description: 'both', attempts: 1, steps: names.map((name) => ({ call: name })) } };
    const components = Object.fromEntries(names.map((name) => [name, { description: name, cpu_ms: 5 }]));
    const overrides = { components: { ...spot(3, { slots: 50, name: 'left' }), ...spot(3, { slots: 50, name: 'right' }) } };
    const result = play({ components, operations, overrides, parameters: { ...hazard(6), ...parameters }, duration_s: 7200 });
    return result.pools.find(({ name }) => name === pool)?.timeline.map(({ interrupted }) => interrupted ?? 0);
  };

  it('of one pool never moves the interruptions of another, whatever happens there and in whatever order they are named', () => {
    const right = two(['left', 'right'], {});
    expect(right?.reduce((a, b) => a + b, 0)).toBeGreaterThan(10);
    expect(two(['left', 'right'], {}, 'server/left')).not.toEqual(right);
    expect(two(['left', 'right'], { 'server.left.spot_interruptions_per_month': 20 * HOURLY })).toEqual(right);
    expect(two(['right', 'left'], {})).toEqual(right);
  });

  it('is the same for the same seed, however often machines go', () => {
    const often = ['parameters.server.spot_interruptions_per_month=7300'];
    const bytes = () => JSON.stringify(ask('spot-servers', often, { length_s: 120 }).result);
    expect(bytes()).toBe(bytes());
    expect(bytes()).toContain('"interrupted":');
  });
});
