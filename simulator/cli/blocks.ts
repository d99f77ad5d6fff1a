import { peakRate } from '../../workloads/arrivals/index.ts';
import { nearest } from '../domain/nearest.ts';
import { numberOf } from '../domain/part-values.ts';
import type { Plan } from '../domain/plan.ts';
import { InputError } from '../domain/problem.ts';
import { type Scenario, strategyName } from '../domain/scenario.ts';
import type { Fit } from '../run/fit-machine.ts';
import type { Axes, Rows } from '../run/rows.ts';
import { type Block, DRIFT_MAX } from '../worlds/live/blocks.ts';
import { EMBEDDED } from '../worlds/live/stacks/stack.ts';
import { liveProblems } from './live.ts';
import type { Words } from './numbers.ts';
import type { CalibrateWords } from './parity-options.ts';
import type { Progress } from './progress.ts';

export const BLOCK_S = 20;
export const CALIBRATION_FILE = 'reports/runs/calibration.json';
/** Share of the cores that demands and machinery may plan for: what is not planned (broker, database, keeper) comes on top. */
const PLANNED_SHARE = 0.2;
/** Longest wait for what is under way when a block's arrivals have stopped. */
const DRAIN_S = 30;

/** A scenario as it is played in blocks on this machine. */
export interface Blocks {
  scenario: Scenario;
  axes: Axes;
  rows: Rows;
  fit: Fit;
  driftMax: number;
}

/** Names of placements among the words, each of which there is. */
export async function strategiesIn(
  read: Words,
  words: CalibrateWords,
  o: { scenario: Scenario; fallback: string },
): Promise<string[]> {
  const { STRATEGIES } = await import('../strategies/index.ts');
  const own = o.scenario.strategies.map(strategyName);
  const names = [...new Set([...own, ...Object.keys(STRATEGIES)])];
  return read.names('--strategy', words.strategy ?? o.fallback, { known: names, nearest: (name) => nearest(name, names) });
}

/**
 * Compiles a scenario for blocks: pools keep their size, an instance has one core, the rate is `share` of what keeps a fifth of this machine busy.
 * Functions have provisioned environments, as pools have instances: where every first call starts a process, each slows all others down.
 * With `hasWholeVcpus` they have memory for one, so that no pause of a smaller share is in what is measured.
 *
 * Throws: InputError with everything that is wrong, and with a rate that is above it.
 */
export async function blocksOf(
  read: Words,
  words: CalibrateWords,
  o: { loaded: Scenario; strategies: string[]; seeds: number; share: number; hasWholeVcpus?: boolean },
): Promise<Blocks> {
  const { fitMachine } = await import('../run/fit-machine.ts');
  const { rowsOf } = await import('../run/rows.ts');
  const [asked] = read.factors('--rate', words.rate);
  const percent = read.amount('--drift', words.drift, { minimum: 0.1, maximum: 1000, default: DRIFT_MAX * 100 });
  const first = read.whole('--seed', words.seed, { minimum: 0, maximum: 2_000_000_000, default: 1 });
  if (read.problems.length > 0) throw new InputError(read.problems);
  const most = fitMachine(o.loaded, { rate: 1000, isExact: false, share: PLANNED_SHARE }).factor * 1000;
  const rate = words.rate === undefined || asked === undefined ? Number((most * o.share).toPrecision(3)) : asked;
  if (rate > 2 * most) {
    const expected = `at most ${(2 * most).toPrecision(2)}, which plans for two fifths of its cores`;
    throw new InputError([{ path: '--rate', message: `${rate} is more than this machine does undisturbed`, expected }]);
  }
  const fit = fitMachine(o.loaded, { rate, isExact: false });
  const parameters = { 'server.cores': 1, ...o.loaded.parameters };
  const scenario = { ...o.loaded, parameters, drain_s: Math.min(DRAIN_S, o.loaded.drain_s) };
  const seeds = Array.from({ length: o.seeds }, (_, i) => first + i);
  const axes = { strategies: o.strategies, controllers: ['static'], rates: [rate], seeds, length_s: BLOCK_S, wantsLedger: false };
  const compiled = rowsOf(scenario, axes);
  const peak_per_s = peakRate(o.loaded.workload.arrivals, o.loaded.workload.duration_s);
  const provided = compiled.rows.map(async (row) => {
    return { ...row, plan: await withProvisioned(row.plan, { rate_per_s: row.rate * peak_per_s, ...o }) };
  });
  const rows = { ...compiled, rows: await Promise.all(provided) };
  const problems = await liveProblems(rows);
  if (problems.length > 0) throw new InputError(problems);
  return { scenario, axes, rows, fit, driftMax: percent / 100 };
}

/** The plan whose functions have as many provisioned environments as so many operations a second may need at once. */
async function withProvisioned(plan: Plan, o: { rate_per_s: number; hasWholeVcpus?: boolean }): Promise<Plan> {
  const { environmentsFor } = await import('../worlds/live/environments.ts');
  const parts = plan.parts.map((part, i) => {
    if (part.kind !== 'function') return part;
    const provisioned = environmentsFor(plan, i, o.rate_per_s);
    const least_mb = o.hasWholeVcpus ? numberOf(part, 'full_vcpu_mb') : 0;
    return { ...part, values: { ...part.values, provisioned, memory_mb: Math.max(numberOf(part, 'memory_mb'), least_mb) } };
  });
  return { ...plan, parts };
}

/** Brings the embedded stack up for these rows: other emulators' latencies say nothing about anything else. Throws: UnavailableError. */
export async function openBlocks({ rows }: Blocks, progress: Progress) {
  const { openStack } = await import('../worlds/live/stacks/index.ts');
  const plans = rows.rows.map((row) => row.plan);
  return openStack({ choice: EMBEDDED, plans, say: (text) => progress.say(text) });
}

/** How the machine and the driver were during some blocks. */
export function conditionsOf(blocks: readonly Pick<Block, 'busy' | 'lateness' | 'drift'>[]) {
  const worst = (of: (block: Pick<Block, 'busy' | 'lateness' | 'drift'>) => number) => Math.max(0, ...blocks.map(of));
  return {
    busy: blocks.reduce((sum, block) => sum + block.busy, 0) / Math.max(1, blocks.length),
    lateness_p99_ms: worst((block) => block.lateness.p99_ms),
    drift_max: worst((block) => Math.abs(block.drift)),
  };
}
