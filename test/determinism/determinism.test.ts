import { afterEach, describe, expect, it, vi } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { CellResult } from '../../simulator/domain/cell.ts';
import type { Controller, ControllerDefinition } from '../../simulator/domain/controller.ts';
import { runCells } from '../../simulator/run/cells.ts';
import { cellOf, play, servers, work } from '../virtual/small.ts';
import { ask } from '../virtual/what-if.ts';

const LAW = { kind: 'lognormal' as const, p50: 20, p99: 90 };
const STRATEGIES = ['all-functions', 'all-servers', 'hybrid', 'hybrid-burst', 'hybrid-gpu', 'reserved-base', 'spot-servers'];

/** Everything that a cell yields but how long it took. */
function bytes(result: CellResult): string {
  return JSON.stringify({ ...result, counters: { ...result.counters, wall_ms: 0 } });
}

afterEach(() => vi.restoreAllMocks());

describe('determinism', () => {
  it.each(STRATEGIES)('the same cell gives the same bytes: %s', (strategy) => {
    const o = { length_s: 60 };
    expect(bytes(ask(strategy, [], o).result)).toBe(bytes(ask(strategy, [], o).result));
  });

  it('cells come back in their order, whether or not somebody takes each as soon as those before it are there', async () => {
    const cells = [3, 1, 2].map((seed) => ({ ...cellOf({ overrides: { components: servers(1) } }), seed }));
    const taken: number[] = [];
    const heard = await runCells(cells, { threads: 2, taken: ({ seed }, number) => void taken.push(seed, number) });
    expect(taken).toEqual([3, 0, 1, 1, 2, 2]);
    expect((await runCells(cells, { threads: 2 })).map(bytes)).toEqual(heard.map(bytes));
  });

  it('what a controller fits anew in a run is there before its next decision, and the same in every run', () => {
    const turns: string[] = [];
    const { create, fit: done } = CONTROLLERS.ai as Required<ControllerDefinition>;
    vi.spyOn(CONTROLLERS.ai as Required<ControllerDefinition>, 'fit').mockImplementation((job) => {
      turns.push('fit');
      return done(job);
    });
    vi.spyOn(CONTROLLERS.ai as ControllerDefinition, 'create').mockImplementation((...given) => {
      const made = create(...given) as Required<Controller>;
      return {
        ...made,
        decide(state, o) {
          const outcome = made.decide(state, o);
          turns.push(outcome.refit === undefined ? 'decision' : 'job');
          return outcome;
        },
        adopt(state, fitted) {
          turns.push('adoption');
          return made.adopt(state, fitted);
        },
      };
    });
    const controller = { name: 'ai', options: { step_s: 5, interval_s: 5, lag_s: 0, start_s: 10 } };
    const station = { platform: 'server' as const, instance: 'm7g.large', slots: 2, minimum: 1, maximum: 20, controller };
    const steps = Array.from({ length: 44 }, (_, i): [number, number] => [25 * i, 4 + 16 * (i % 2)]);
    const run = () =>
      bytes(
        play({
          components: { station: { description: 'waits', io_ms: 300 } },
          overrides: { components: { station } },
          arrivals: { kind: 'step', steps },
          duration_s: 1100,
        }),
      );
    const first = run();
    const once = turns.splice(0);
    expect(run()).toBe(first);
    expect(turns).toEqual(once);
    expect(once.filter((turn) => turn === 'decision').length).toBeGreaterThan(200);
    const jobs = once.flatMap((turn, i) => (turn === 'job' ? [once.slice(i, i + 3)] : []));
    expect(jobs.length).toBeGreaterThan(5);
    for (const following of jobs) expect(following).toEqual(['job', 'fit', 'adoption']);
  });

  it('one action has the same demand wherever it runs', () => {
    const components = { station: { description: 'works', cpu_ms: LAW, io_ms: LAW } };
    const on = (overrides: Parameters<typeof play>[0]['overrides']) => work(play({ components, overrides, rate: 3 })).latency;
    const onFunctions = on({ components: { station: { platform: 'function', memory_mb: 1769 } } });
    expect(on({ components: servers(20, 2) })).toEqual(onFunctions);
    // Half a vCPU takes longer for the same CPU time, at most twice as long, and as long for the waiting.
    const half = on({ components: { station: { platform: 'function', memory_mb: 885 } } });
    expect(half.sum_us).toBeGreaterThan(onFunctions.sum_us * 1.15);
    expect(half.sum_us).toBeLessThan(onFunctions.sum_us * 1.5);
  });

  it('every strategy gets the same traffic', () => {
    const sent = STRATEGIES.map((strategy) =>
      ask(strategy, [], { length_s: 120 }).result.operations.map((o) => `${o.name} ${o.sent}`),
    );
    for (const counts of sent) expect(counts).toEqual(sent[0]);
  });

  it('noise belongs to its part: a slower start of one function leaves the other as it was', () => {
    const step = (name: string) => ({ description: name, attempts: 1, steps: [{ call: name }] });
    const result = (init_ms: number) =>
      play({
        components: { left: { description: 'left', cpu_ms: LAW }, right: { description: 'right', cpu_ms: LAW } },
        operations: { go: step('left'), come: step('right') },
        doing: ['go', 'come'],
        overrides: {
          components: { left: { platform: 'function', memory_mb: 1769 }, right: { platform: 'function', memory_mb: 1769 } },
        },
        parameters: { 'function.invoke_ms': { kind: 'lognormal', p50: 1, p99: 5 }, 'function.left.init_ms': init_ms },
        rate: 4,
      });
    const [quick, slow] = [result(0), result(400)];
    expect(slow.operations[0]?.latency).not.toEqual(quick.operations[0]?.latency);
    expect(slow.operations[1]?.latency).toEqual(quick.operations[1]?.latency);
  });
});
