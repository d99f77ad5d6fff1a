import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { rateAt } from '../../workloads/arrivals/index.ts';
import type { Cell, CellResult } from '../domain/cell.ts';
import type { Profile } from '../domain/profile.ts';
import type { Report } from '../domain/report.ts';
import type { Scenario } from '../domain/scenario.ts';
import { summarise } from '../measure/summary.ts';
import { type CellsOptions, runCells } from './cells.ts';
import type { LedgerFile } from './outputs.ts';
import { profileOf } from './profile.ts';
import { type Axes, cellsOf, type Row, type Rows } from './rows.ts';

/** Points of the load curve in the report. */
const LOAD_POINTS = 240;

export interface PlayOptions extends CellsOptions {
  /** Compiled beforehand, so that a bad input is told before anything is made. */
  rows: Rows;
  /** Takes the effects of every cell, in the order of the cells, as soon as they are there. */
  ledger?: LedgerFile;
  /** Told what the controllers had learnt before the run, once it is over. */
  learnt?: (profile: Profile) => void;
  version: string;
  startedAt: string;
  /** The world that plays the cells; the virtual one, on worker threads, unless another is handed over. */
  world?: {
    name: Report['world'];
    runCells(cells: readonly Cell[], o: CellsOptions): Promise<CellResult[]>;
    /** Where it ran, once the cells are over; only the live world has something to say. */
    told?(): Promise<Report['live']>;
  };
}

/**
 * Plays a scenario: every row with every seed, then the report.
 *
 * Throws: Error when an invariant is broken.
 */
export async function playScenario(scenario: Scenario, axes: Axes, o: PlayOptions): Promise<Report> {
  const { rows } = o;
  const began = performance.now();
  const cells = cellsOf(scenario, rows, axes);
  const { name, runCells: play } = o.world ?? { name: 'virtual', runCells };
  const results = await play(cells, {
    ...o,
    taken: (result, number) => {
      const { controller } = rows.rows[Math.floor(number / axes.seeds.length)] as Row;
      const { strategy, rate, seed } = result;
      o.ledger?.write({ strategy, ...(controller ? { controller } : {}), rate, seed }, result.ledger ?? []);
      delete result.ledger;
    },
  });
  o.learnt?.(profileOf(cells.filter((_, i) => i % axes.seeds.length === 0).map(({ plan }) => plan)));
  const live = await o.world?.told?.();
  const wall_s = (performance.now() - began) / 1000;
  return summarise({
    scenario,
    version: o.version,
    seeds: axes.seeds,
    cut_start_s: rows.cut_start_s,
    // A load that waits for its answers has no shape of its own.
    load: rows.closed_loop ? [] : loadCurve(scenario, rows),
    plans: rows.rows.map((row) => row.plan),
    results,
    world: name,
    ...(live === undefined ? {} : { live }),
    machine: {
      node: process.version,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      threads: o.threads ?? Math.min(cpus().length, results.length),
      started_at: o.startedAt,
      wall_s,
    },
  });
}

/** Intended operations a second, flash crowds included, over the window that was played: at the rate of all rows, or at x1 when they differ. */
function loadCurve(scenario: Scenario, o: Rows): [number, number][] {
  const { arrivals } = scenario.workload;
  const rates = new Set(o.rows.map((row) => row.rate));
  const factor = rates.size === 1 ? (o.rows[0] as Row).rate : 1;
  return Array.from({ length: LOAD_POINTS + 1 }, (_, i): [number, number] => {
    const at_s = (i / LOAD_POINTS) * o.duration_s;
    return [at_s, factor * rateAt(arrivals, o.cut_start_s + at_s)];
  });
}
