import socialPeak from '../../scenarios/social-peak.ts';
import type { CellResult } from '../../simulator/domain/cell.ts';
import type { ScenarioInput } from '../../simulator/domain/scenario.ts';
import { type Scenario, ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { billOf } from '../../simulator/measure/bill.ts';
import { quantileMs } from '../../simulator/measure/histogram.ts';
import { setPath } from '../../simulator/plan/load/set.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { runCell } from '../../simulator/worlds/virtual/world.ts';

/** What an architect would look at after changing one number. */
export interface Outcome {
  result: CellResult;
  p(operation: string, quantile: number): number;
  lag(component: string, quantile: number): number;
  check(name: string): number;
  exposure(): number;
  usd(component: string, item?: RegExp): number;
  pool(path: string): CellResult['pools'][number];
}

/** The main job, five minutes of it around the flash crowd at a third of the rate: quick enough to ask many questions. */
export function ask(
  strategy: string,
  assignments: readonly string[] = [],
  o: { length_s?: number; rate?: number; base?: ScenarioInput } = {},
): Outcome {
  let value: unknown = JSON.parse(JSON.stringify(o.base ?? socialPeak));
  for (const assignment of assignments) {
    const set = setPath(value, assignment);
    if ('problems' in set) throw new Error(JSON.stringify(set.problems));
    value = set.value;
  }
  const scenario: Scenario = ScenarioSchema.parse(value);
  const axes = {
    strategies: [strategy],
    controllers: [],
    rates: [o.rate ?? 0.35],
    seeds: [7],
    length_s: o.length_s ?? 300,
    wantsLedger: false,
  };
  const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
  if (cell === undefined) throw new Error('no cell');
  const result = runCell(cell);
  if (result.broken.length > 0) throw new Error(result.broken.join('\n'));
  return outcomeOf(result);
}

function outcomeOf(result: CellResult): Outcome {
  const bill = billOf([result]);
  const operation = (name: string) => result.operations.find((x) => x.name === name);
  return {
    result,
    p: (name, quantile) => quantileMs(operation(name)!.latency, quantile) ?? Number.NaN,
    lag: (component, quantile) => quantileMs(result.lags.find((l) => l.component === component)!.lag, quantile) ?? Number.NaN,
    check: (name) => result.checks.find((c) => c.name === name)!.count,
    exposure: () => result.checks.find((c) => c.name === 'shown_before_moderated')!.exposure!.total_s,
    usd: (component, item = /./) =>
      bill.lines.filter((l) => l.component === component && item.test(l.item)).reduce((sum, l) => sum + l.usd, 0),
    pool: (path) => result.pools.find((p) => p.name === path)!,
  };
}
