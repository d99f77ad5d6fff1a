import type { CellResult } from '../domain/cell.ts';
import type { Plan } from '../domain/plan.ts';
import type { Report, StrategyReport } from '../domain/report.ts';
import type { Scenario } from '../domain/scenario.ts';
import { billOf } from './bill.ts';
import { rowLabel } from './candidates.ts';
import { checkReports, heldBy } from './check-reports.ts';
import { compare, perSeedOf, seriesOf } from './comparisons.ts';
import { byLoad } from './crossovers.ts';
import { evaluateAll, objectiveReport } from './evaluate.ts';
import { faultReports } from './fault-reports.ts';
import { lagReports, operationReports, violationsOf } from './operations.ts';
import { poolReports } from './pools.ts';
import { saturationVerdict } from './saturation-verdict.ts';
import { timelineOf } from './timeline.ts';
import { judge, verdictOf } from './verdict.ts';

/**
 * What a report is made of.
 *
 * Shape: one plan for each row, that is for each (strategy, controller, rate); `results` has `seeds.length` cells for
 * each plan, in the order of the plans and then of the seeds.
 */
export interface SummaryInput {
  scenario: Pick<Scenario, 'name' | 'description'> & Partial<Scenario>;
  version: string;
  seeds: readonly number[];
  cut_start_s: number;
  /** Intended operations a second over run time. */
  load: readonly (readonly [number, number])[];
  plans: readonly Plan[];
  results: readonly CellResult[];
  world?: Report['world'];
  machine?: Report['machine'];
  live?: Report['live'];
}

/**
 * Turns what cells counted into the report: the same for the terminal, the page, JSON and Markdown.
 *
 * Pure, so that one and two worker threads give the same bytes.
 *
 * Throws: Error when an invariant of a cell, of conservation or of the bill is broken.
 */
export function summarise(o: SummaryInput): Report {
  const [plan] = o.plans;
  if (plan === undefined) throw new Error('a report over no plans');
  const cells = o.plans.map((p, i) => cellsOf(p, { all: o.results, seeds: o.seeds, i, rows: o.plans.length }));
  const rows = o.plans.map((p, i) => rowOf(p, cells[i] as CellResult[]));
  const judgement = judge(rows, o.seeds.length);
  const labels = new Map(judgement.judged.flatMap((c) => c.rows.map((row): [StrategyReport, string] => [row, rowLabel(c, row)])));
  const label = (row: StrategyReport): string => labels.get(row) ?? row.name;
  const series = rows.map((row, i) => ({ row, series: seriesOf(label(row), cells[i] as CellResult[]) }));
  const isReference = (row: StrategyReport): boolean => judgement.reference.rows.includes(row);
  const comparisons = compare(
    series.filter((s) => isReference(s.row)).map((s) => s.series),
    series.filter((s) => !isReference(s.row)).map((s) => s.series),
  );
  const axis = byLoad(series, o.seeds.length);
  const faults = faultReports(o.plans);
  return {
    schema: 'report@1',
    version: o.version,
    scenario: {
      name: o.scenario.name,
      description: o.scenario.description,
      duration_s: plan.duration_ms / 1000,
      warmup_s: plan.warmup_ms / 1000,
      cut_start_s: o.cut_start_s,
      load: o.load.map(([at_s, rate]): [number, number] => [at_s, rate]),
      data: withoutTraces(o.scenario),
      ...(faults === undefined ? {} : { faults }),
    },
    world: o.world ?? 'virtual',
    seeds: [...o.seeds],
    ...(o.machine === undefined ? {} : { machine: o.machine }),
    ...(o.live === undefined ? {} : { live: o.live }),
    strategies: rows,
    comparisons,
    verdict: o.live?.saturation ? saturationVerdict(judgement) : verdictOf(judgement, comparisons),
    ...(axis === undefined ? {} : { by_load: axis }),
    parameters: parametersOf(o.plans, rows.map(label)),
  };
}

/** The scenario as data; points of a trace and layers of a network are counted only: there may be millions, and `load` draws the points. */
function withoutTraces(scenario: object): Record<string, unknown> {
  const text = JSON.stringify(scenario, function (this: { kind?: unknown; quantiles?: unknown }, key: string, value: unknown) {
    const isLong = (key === 'points' && this.kind === 'trace') || (key === 'layers' && this.quantiles !== undefined);
    return isLong && Array.isArray(value) ? value.length : value;
  });
  return JSON.parse(text) as Record<string, unknown>;
}

/** The report without what depends on the machine or the clock. */
export function stable(report: Report): Report {
  const { machine: _, live: ___, ...rest } = report;
  return { ...rest, strategies: rest.strategies.map(({ speed: __, ...row }) => row) };
}

/** The cells of one row, in seed order, each of them sound. */
function cellsOf(plan: Plan, o: { all: readonly CellResult[]; seeds: readonly number[]; i: number; rows: number }): CellResult[] {
  const { seeds, all } = o;
  if (all.length !== o.rows * seeds.length) throw new Error(`${all.length} results for ${o.rows} rows of ${seeds.length} seeds`);
  const cells = all.slice(o.i * seeds.length, (o.i + 1) * seeds.length);
  for (const [k, cell] of cells.entries()) {
    const where = `${cell.strategy}, seed ${cell.seed}`;
    if (cell.strategy !== plan.strategy || cell.seed !== seeds[k] || cell.rate !== cells[0]?.rate) {
      throw new Error(`${where}, rate ${cell.rate}: out of order, ${plan.strategy} with seed ${seeds[k]} was expected`);
    }
    if (cell.broken.length > 0) throw new Error(`${where}: broken invariant: ${cell.broken.join('; ')}`);
  }
  return cells;
}

/** One row of the report, from the cells of its seeds. */
export function rowOf(plan: Plan, cells: readonly CellResult[]): StrategyReport {
  const violations = violationsOf(cells);
  const measured = {
    operations: operationReports(cells),
    lags: lagReports(cells),
    bill: soundBill(plan, cells),
    checks: checkReports(cells, { listed: plan.checks, objectives: plan.objectives }),
    violation_minutes: [...violations.values()].reduce((sum, minutes) => sum + minutes, 0),
  };
  const window_s = (plan.duration_ms - plan.warmup_ms) / 1000;
  const throughput = throughputOf(measured.operations, window_s * cells.length);
  const evaluations = evaluateAll(plan.objectives, { ...measured, throughput, violations, runs: cells.length });
  const objectives = evaluations.map(objectiveReport);
  return {
    name: plan.strategy,
    description: plan.description,
    controller: controllerOf(plan),
    rate: cells[0]?.rate ?? 1,
    ...measured,
    throughput,
    checks: heldBy(measured.checks, { listed: plan.checks, objectives }),
    objectives,
    pools: poolReports(plan, cells),
    timeline: timelineOf(cells, { from_s: plan.warmup_ms / 1000, to_s: plan.duration_ms / 1000 }),
    decisions: plan.decisions,
    per_seed: perSeedOf(cells, window_s),
    ...(cells[0]?.traces === undefined ? {} : { traces: cells[0].traces }),
    speed: speedOf(cells),
  };
}

function soundBill(plan: Plan, cells: readonly CellResult[]): StrategyReport['bill'] {
  const bill = billOf(cells.map(({ usage, served_total, duration_s }) => ({ usage, served_total, duration_s })));
  const total = bill.lines.reduce((sum, line) => sum + line.usd, 0);
  if (Math.abs(total - bill.run_usd) > 1e-9 * Math.max(1e-6, Math.abs(total))) {
    throw new Error(`${plan.strategy}: the bill's lines add up to ${total}, not to its total of ${bill.run_usd}`);
  }
  return bill;
}

function throughputOf(operations: StrategyReport['operations'], window_s: number): StrategyReport['throughput'] {
  const sum = (key: 'sent' | 'served'): number => operations.reduce((total, o) => total + o[key], 0);
  return { asked_per_s: sum('sent') / window_s, served_per_s: sum('served') / window_s };
}

/** The controllers of the plan's pools, in the order of its parts. */
export function controllerOf(plan: Plan): string {
  const names = new Set(plan.parts.flatMap((part) => (part.sizing === undefined ? [] : [part.sizing.controller.name])));
  return names.size === 0 ? 'none' : [...names].join(' + ');
}

function speedOf(cells: readonly CellResult[]): { requests_per_s: number; events_per_s: number } {
  const sum = (key: keyof CellResult['counters']): number => cells.reduce((total, cell) => total + cell.counters[key], 0);
  const seconds = Math.max(sum('wall_ms'), 1e-3) / 1000;
  return { requests_per_s: sum('requests') / seconds, events_per_s: sum('events') / seconds };
}

/** Every parameter once; where a row has another value than the rows before it, it is named in brackets. */
function parametersOf(plans: readonly Plan[], labels: readonly string[]): Report['parameters'] {
  const known = new Map<string, Report['parameters'][number]>();
  for (const [i, plan] of plans.entries()) {
    for (const { range, ...parameter } of plan.parameters) {
      const entry = range === undefined ? parameter : { ...parameter, range: [range[0], range[1]] as [number, number] };
      const before = known.get(parameter.path);
      if (before === undefined) known.set(parameter.path, entry);
      else if (JSON.stringify(before.value) !== JSON.stringify(entry.value)) {
        const path = `${parameter.path} (${labels[i]})`;
        known.set(path, { ...entry, path });
      }
    }
  }
  return [...known.values()];
}
