import { afterAll, describe, expect, it, vi } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { Cell, CellResult, PoolSample } from '../../simulator/domain/cell.ts';
import type { ControllerDefinition, ControllerOptions, Observation } from '../../simulator/domain/controller.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { openLiveWorld } from '../live/live-world.ts';
import { count, outcomes } from '../virtual/small.ts';

const [LOW, HIGH] = [8, 32];

interface Step {
  up_s: number;
  down_s: number;
  end_s: number;
  /** Earlier evenings with the same step, and options of the controller; `--controller ai` as it stands, where there are none. */
  taught?: { days: number; options: ControllerOptions };
}

/**
 * `hello` whose users only sign, as a step of load. Its parts wait where they would compute, so that any machine can play it: what is to be
 * seen is how many processes there are.
 */
function helloWithStep({ up_s, down_s, end_s, taught }: Step): Cell {
  const { components, operations } = hello.application;
  const scenario = ScenarioSchema.parse({
    ...hello,
    application: {
      ...hello.application,
      components: {
        ...components,
        book: { ...components.book, cpu_ms: 0.5, io_ms: 120 },
        thank: { ...components.thank, cpu_ms: 0.5, io_ms: 60 },
      },
      operations,
    },
    workload: {
      duration_s: end_s,
      arrivals: { kind: 'step', steps: [[0, LOW], [up_s, HIGH], ...(down_s < end_s ? [[down_s, LOW]] : [])] },
      sessions: { think_ms: 0, start: { sign: 1 }, next: { sign: { leave: 1 } } },
    },
    ...(taught ? { history: { days: taught.days } } : {}),
    strategies: [
      'all-servers',
      ...(taught ? [{ strategy: 'all-servers', controller: { name: 'ai', options: taught.options } }] : []),
    ],
    overrides: {
      components: {
        book: { platform: 'server', slots: 2, minimum: 2, maximum: 8 },
        thank: { platform: 'server', slots: 2, minimum: 1, maximum: 6 },
      },
    },
    // An instance is a process of this machine, which is there at once.
    parameters: { 'server.cores': 1, 'server.boot_s': 1, 'server.health_check_s': 0, 'server.warmup_s': 0 },
    objectives: [],
    drain_s: 30,
  });
  const axes = {
    strategies: [taught ? 'all-servers + ai' : 'all-servers'],
    controllers: taught ? [] : ['ai'],
    rates: [1],
    seeds: [1],
    wantsLedger: false,
  };
  const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
  return cell as Cell;
}

const COLD = { up_s: 20, down_s: 65, end_s: 65 };
const TAUGHT = {
  up_s: 30,
  down_s: 60,
  end_s: 90,
  taught: { days: 30, options: { interval_s: 2, lag_s: 1, step_s: 15, hold_s: 4, wait: 0.5, signals: true } },
};
const CELLS = { cold: helloWithStep(COLD), taught: helloWithStep(TAUGHT) };
const live = await openLiveWorld(Object.values(CELLS));
afterAll(() => live?.end());

/** The pool that takes entries, over time. */
function bookOf(result: CellResult): PoolSample[] {
  return result.pools.find(({ name }) => name === 'server/book')?.timeline ?? [];
}

/** Processes that were ready between two moments: the fewest and the most. */
function readyIn(samples: readonly PoolSample[], from_s: number, to_s: number): { fewest: number; most: number } {
  const ready = samples.filter(({ at_s }) => at_s >= from_s && at_s < to_s).map((sample) => sample.ready);
  return { fewest: Math.min(...ready), most: Math.max(...ready) };
}

/** Processes that a rate keeps at work, none of them idle. */
function busyAt(cell: Cell, rate: number): number {
  const sizing = cell.plan.parts.find(({ path }) => path === 'server/book')?.sizing;
  if (sizing === undefined) throw new Error('book is no pool');
  return Math.ceil((rate * sizing.holding_ms) / 1000 / sizing.slots);
}

function print(name: string, samples: readonly PoolSample[]): void {
  const sizes = samples.filter((_, i) => i % 5 === 0).map(({ at_s, ready }) => `${Math.round(at_s)} s ${ready}`);
  console.log(`${name}: processes of the pool: ${sizes.join(', ')}`);
  for (const { at_s, because } of samples.filter((s) => s.because)) console.log(`${name}: ${at_s.toFixed(0)} s: ${because}`);
}

function isWhole(result: CellResult): void {
  const { sent, served, pending } = outcomes({ ...result, operations: result.operations.filter(({ name }) => name === 'sign') });
  console.log(`${served} of ${sent} served`);
  expect(served).toBeGreaterThan(100);
  expect(pending).toBe(0);
  for (const check of ['lost', 'twice', 'dead_lettered']) expect([check, count(result, check)]).toEqual([check, 0]);
}

/** What controllers are shown from now on. */
function overheard(): Observation[] {
  const shown: Observation[] = [];
  const { create } = CONTROLLERS.ai as ControllerDefinition;
  vi.spyOn(CONTROLLERS.ai as ControllerDefinition, 'create').mockImplementation((...given) => {
    const made = create(...given);
    return { ...made, decide: (state, o) => made.decide(state, shown[shown.push(o) - 1] as Observation) };
  });
  return shown;
}

/** Mean of the sessions a second that began, of looks between two moments. */
function startingIn(shown: readonly Observation[], from_s: number, to_s: number): number {
  const rates = shown.flatMap(({ at_s, signals }) => (at_s > from_s && at_s < to_s && signals?.sessions_starting) || []);
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

describe.skipIf(live === undefined)('a step of load on real processes under ai', () => {
  it('without history follows the step up by the reactive rule, which keeps what ten minutes have seen', async () => {
    const result = await live!.play(CELLS.cold);
    const samples = bookOf(result);
    print('cold', samples);
    isWhole(result);
    const before = readyIn(samples, 0, COLD.up_s);
    const after = readyIn(samples, COLD.end_s - 10, COLD.end_s);
    expect(after.fewest).toBeGreaterThan(before.most);
    expect(after.fewest).toBeGreaterThanOrEqual(busyAt(CELLS.cold, HIGH));
    // With fewer than 120 steps of experience ai is no worse than the reactive rule because it is the reactive rule.
    const words = samples.flatMap(({ because }) => because ?? []);
    expect(words.length).toBeGreaterThan(0);
    for (const because of words) expect(because).toMatch(/too little experience: reactive/);
  });

  it('with earlier evenings follows the step up and down, by its forecast', async () => {
    const shown = overheard();
    const result = await live!.play(CELLS.taught);
    const samples = bookOf(result);
    print('taught', samples);
    const [low, peak] = [startingIn(shown, 5, TAUGHT.up_s), startingIn(shown, TAUGHT.up_s + 5, TAUGHT.down_s)];
    console.log(
      `taught: sessions starting, as the front door counts them: ${low.toFixed(1)}/s, in the step ${peak.toFixed(1)}/s`,
    );
    expect(Math.abs(low / LOW - 1)).toBeLessThan(0.4);
    expect(Math.abs(peak / HIGH - 1)).toBeLessThan(0.2);
    isWhole(result);
    const high = readyIn(samples, TAUGHT.up_s + 10, TAUGHT.down_s);
    const end = readyIn(samples, TAUGHT.end_s - 10, TAUGHT.end_s);
    expect(high.fewest).toBeGreaterThanOrEqual(busyAt(CELLS.taught, HIGH));
    expect(high.fewest).toBeGreaterThan(readyIn(samples, 5, TAUGHT.up_s - 15).fewest);
    expect(end.most).toBeLessThan(high.fewest);
    // Before the first step of the evening is over nothing is foreseen.
    const words = samples.flatMap(({ at_s, because }) => (at_s > 20 && because) || []);
    expect(words.length).toBeGreaterThan(1);
    for (const because of words) expect(because).toMatch(/^forecast (?!.*too little experience)/);
  });
});
