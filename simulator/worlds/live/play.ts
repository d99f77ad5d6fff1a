import { bottleneck, type Lateness } from '../../../workloads/drivers/lateness.ts';
import type { Cell, CellResult } from '../../domain/cell.ts';
import type { LiveReport, Saturation } from '../../domain/live-report.ts';
import type { Plan } from '../../domain/plan.ts';
import { UnavailableError } from '../../domain/problem.ts';
import { roundsPerMs } from './burn.ts';
import type { DriverChoice } from './contract.ts';
import type { Stack } from './stacks/stack.ts';
import { runCell } from './world.ts';

/** Of the messages of failures. */
const FAILURES_SAID = 10;

export interface PlayLive {
  stack: Stack;
  /** Names the controllers of a plan, as the report has them. */
  controllerOf(plan: Plan): string;
  say(text: string): void;
  driver?: DriverChoice;
  heard?(progress: { share: number; done: number; cells: number }): void;
  taken?(result: CellResult, number: number): void;
  signal?: AbortSignal;
}

/** What cells measured, how late each of their drivers was, or what each sustained at most, and what the runs have to say beside. */
export interface Played {
  results: CellResult[];
  driver: LiveReport['driver'];
  saturated: Saturation[];
  notes: string[];
  away: NonNullable<LiveReport['away']>;
}

/**
 * Plays cells one after the other on one stack; each makes its own tables, queues and processes, and takes them away.
 *
 * Throws: UnavailableError when a part dies, or when the driver could not keep its times: then no latency would mean anything.
 */
export async function playLive(cells: readonly Cell[], o: PlayLive): Promise<Played> {
  const burn_per_ms = roundsPerMs();
  const results: CellResult[] = [];
  const driver: LiveReport['driver'] = [];
  const saturated: Saturation[] = [];
  const notes: string[] = [];
  const away: Played['away'] = [];
  for (const [number, cell] of cells.entries()) {
    const progress = (share: number) => o.heard?.({ share: (number + share) / cells.length, done: number, cells: cells.length });
    const namespace = `r${Date.now().toString(36)}${number}`;
    const signal = o.signal ? { signal: o.signal } : {};
    const chosen = o.driver === undefined ? {} : { driver: o.driver };
    const {
      result,
      lateness,
      saturation,
      failures,
      told,
      away: absences,
    } = await runCell(cell, {
      stack: o.stack,
      namespace,
      burn_per_ms,
      progress,
      say: o.say,
      ...signal,
      ...chosen,
    });
    const failed = failures
      .slice(0, FAILURES_SAID)
      .map(({ component, message, count }) => `${component} failed ${count === 1 ? 'once' : `${count} times`}: ${message}`);
    notes.push(...[...told, ...failed].map((line) => `${cell.plan.strategy}: ${line}`));
    refuseLate(lateness, cell);
    results.push(result);
    const { strategy, rate, seed } = result;
    const controller = o.controllerOf(cell.plan);
    away.push(...absences.map((absence) => ({ strategy, controller, rate, seed, ...absence })));
    if (saturation) saturated.push({ ...saturation, controller });
    else driver.push({ strategy, controller, rate, seed, ...lateness });
    o.taken?.(result, number);
  }
  return { results, driver, saturated, notes, away };
}

function refuseLate(lateness: Lateness, { plan }: Cell): void {
  const why = bottleneck(lateness);
  if (why === undefined) return;
  throw new UnavailableError(
    `${plan.strategy}: ${why}, so the driver has measured itself: ` +
      'no latency is reported. Give it a lower --rate, or a machine that does nothing else',
  );
}
