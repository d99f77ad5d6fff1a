import type { Cell, CellResult } from '../domain/cell.ts';
import { nearest } from '../domain/nearest.ts';
import type { Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { CellsOptions } from '../run/cells.ts';
import type { Fit } from '../run/fit-machine.ts';
import type { Axes, Rows } from '../run/rows.ts';
import type { Stack } from '../worlds/live/stacks/stack.ts';
import type { Words } from './numbers.ts';
import type { Progress } from './progress.ts';
import type { ScenarioWords } from './scenario-options.ts';

/** Longest wait for what is under way when arrivals have stopped. */
const DRAIN_S = 60;
const DEFAULT_MINUTES = '2';

/** Words of a live run where the user said nothing: two minutes, one seed, the strategy that mixes platforms. */
export function liveDefaults(words: ScenarioWords): ScenarioWords {
  if (words.world !== 'live') return words;
  const hasLength = words.minutes !== undefined || words.duration !== undefined || words.full === true;
  return {
    ...words,
    seeds: words.seeds ?? '1',
    strategy: words.strategy ?? 'hybrid',
    ...(hasLength ? {} : { minutes: DEFAULT_MINUTES }),
  };
}

/** The scenario as this machine can play it: an instance is one process with one core, the drain is short, the rate fits. */
export async function fitted(
  scenario: Scenario,
  axes: Axes,
  words: ScenarioWords,
): Promise<{ scenario: Scenario; axes: Axes; fit: Fit }> {
  const { fitMachine } = await import('../run/fit-machine.ts');
  const fit = fitMachine(scenario, { rate: Math.max(...axes.rates), isExact: words.exact === true });
  const parameters = { 'server.cores': 1, ...scenario.parameters };
  return {
    scenario: { ...scenario, drain_s: Math.min(DRAIN_S, scenario.drain_s), parameters },
    axes: { ...axes, rates: axes.rates.map((rate) => rate * fit.factor) },
    fit,
  };
}

/** Which stack was asked for; a name that is none is complained about. */
export async function stackOf(words: ScenarioWords, read: Words): Promise<Stack['name']> {
  const { STACK_NAMES } = await import('../worlds/live/stacks/index.ts');
  const { stack = 'embedded' } = words;
  const known = STACK_NAMES.find((name) => name === stack);
  if (known === undefined) read.names('--stack', stack, { known: STACK_NAMES, nearest: (name) => nearest(name, STACK_NAMES) });
  if (words.stack !== undefined && words.world !== 'live') read.complain('--stack', stack, '--world live beside it');
  return known ?? 'embedded';
}

/** What of the plans real parts cannot do. */
export async function liveProblems({ rows }: Rows): Promise<Problem[]> {
  const { refusalsOf } = await import('../worlds/live/refusals.ts');
  return rows.flatMap((row) => refusalsOf(row.plan));
}

/** The live world over a stack that is up, and how to take it down. */
export interface OpenedWorld {
  world: { name: 'live'; runCells(cells: readonly Cell[], o: CellsOptions): Promise<CellResult[]> };
  end(): Promise<void>;
}

/**
 * Brings the stack up that the cells need.
 *
 * Throws: UnavailableError that names the part, its last words and what to do; everything else is down again then.
 */
export async function openLive(o: { stack: Stack['name']; progress: Progress; fit: Fit; rows: Rows }): Promise<OpenedWorld> {
  const { playLive } = await import('../worlds/live/play.ts');
  const { openStack } = await import('../worlds/live/stacks/index.ts');
  const say = (text: string) => o.progress.say(text);
  const { factor, cores_needed, cores } = o.fit;
  if (factor < 1)
    say(`the load is scaled by ${factor} to keep this machine at 60 %: ${cores_needed.toFixed(1)} of ${cores} cores`);
  const plans = o.rows.rows.map((row) => row.plan);
  const without = plans.filter((plan) => !plan.parts.some((part) => part.kind === 'broker')).map((plan) => plan.strategy);
  const stack = await openStack(o.stack, { plans, without, say });
  return {
    world: { name: 'live', runCells: (cells, options) => playLive(cells, { ...options, stack, say }) },
    end: () => stack.end(),
  };
}
