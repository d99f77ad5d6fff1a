import { LATE_MS, type Lateness } from '../../../workloads/drivers/open-loop.ts';
import type { Cell, CellResult } from '../../domain/cell.ts';
import type { LiveReport } from '../../domain/live-report.ts';
import { UnavailableError } from '../../domain/problem.ts';
import { roundsPerMs } from './burn.ts';
import type { Stack } from './stacks/stack.ts';
import { runCell } from './world.ts';

/** A driver of whose shots more than this share are late has measured itself: its p99 of lateness is then above the limit. */
const LATE_SHARE = 0.01;
/** Of so few shots that one or two are more than that share, so many may be late: they are no percentile. */
const LATE_SHOTS = 2;

/** Of the messages of components' own failures. */
const FAILURES_SAID = 10;

export interface PlayLive {
  stack: Stack;
  say(text: string): void;
  heard?(progress: { share: number; done: number; cells: number }): void;
  taken?(result: CellResult, number: number): void;
  signal?: AbortSignal;
}

/** What cells measured, and how late each of their drivers was. */
export interface Played {
  results: CellResult[];
  driver: LiveReport['driver'];
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
  for (const [number, cell] of cells.entries()) {
    const progress = (share: number) => o.heard?.({ share: (number + share) / cells.length, done: number, cells: cells.length });
    const namespace = `r${Date.now().toString(36)}${number}`;
    const signal = o.signal ? { signal: o.signal } : {};
    const { result, lateness, failures, told } = await runCell(cell, {
      stack: o.stack,
      namespace,
      burn_per_ms,
      progress,
      say: o.say,
      ...signal,
    });
    for (const line of told) o.say(`${cell.plan.strategy}: ${line}`);
    for (const { component, message, count } of failures.slice(0, FAILURES_SAID))
      o.say(`${cell.plan.strategy}: ${component} failed ${count === 1 ? 'once' : `${count} times`}: ${message}`);
    refuseLate(lateness, cell);
    results.push(result);
    driver.push({ strategy: result.strategy, rate: result.rate, seed: result.seed, ...lateness });
    o.taken?.(result, number);
  }
  return { results, driver };
}

function refuseLate({ shots, late, p99_ms, max_ms }: Lateness, { plan }: Cell): void {
  if (late <= Math.max(LATE_SHARE * shots, LATE_SHOTS)) return;
  throw new UnavailableError(
    `${plan.strategy}: ${late} of ${shots} requests left more than ${LATE_MS} ms late (p99 ${p99_ms.toFixed(1)} ms, at most ${max_ms.toFixed(1)} ms), ` +
      'so the driver has measured itself: no latency is reported. Give it a lower --rate, or a machine that does nothing else',
  );
}
