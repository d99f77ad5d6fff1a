import type { PoolReport } from '../simulator/domain/report.ts';
import { amount, percent } from './figures.ts';
import { type Colours, grid } from './grid.ts';
import type { Row } from './rows.ts';
import { plain } from './text.ts';

/** What a missing instance costs against one that is there, in every report. */
const SHORTAGE_COST = 20;

/** How well all servers and GPUs of each row followed the load, where a strategy was played under several controllers; empty elsewhere. */
export function scalingLines(rows: readonly Row[], colours: Colours): string {
  const isCompared = rows.some((row) =>
    rows.some((o) => o.strategy.name === row.strategy.name && o.strategy.controller !== row.strategy.controller),
  );
  const told = rows.flatMap((row) => {
    const pools = row.strategy.pools.filter(({ kind, elasticity }) => kind !== 'function' && (elasticity.demand_mean ?? 0) > 0);
    return pools.length === 0 ? [] : [{ row, pools }];
  });
  if (!isCompared || told.length === 0) return '';
  const numbers = ['cost to demand', 'unserved', 'missing', 'idle', 'jitter/min', 'instance hours', 'violation min'];
  const table = grid({
    head: ['scaling', ...numbers],
    isText: [true, ...numbers.map(() => false)],
    rows: told.map(({ row, pools }) => [plain(row.label), ...figuresOf(row, pools)]),
    colours,
  });
  return `${table}\nCost to demand: instances and ${SHORTAGE_COST} for each that is missing, over those that were needed; 1 is the best.`;
}

function figuresOf({ strategy }: Row, pools: readonly PoolReport[]): string[] {
  const sum = (of: (elasticity: PoolReport['elasticity']) => number) => pools.reduce((all, pool) => all + of(pool.elasticity), 0);
  const [demand, missing, idle] = [sum((e) => e.demand_mean ?? 0), sum((e) => e.accuracy_under), sum((e) => e.accuracy_over)];
  const cost = demand - missing + idle + SHORTAGE_COST * missing;
  return [
    amount(cost / demand),
    percent(missing / demand),
    amount(missing),
    amount(idle),
    amount(sum((e) => e.jitter_per_min)),
    amount(sum((e) => e.instance_hours)),
    amount(strategy.violation_minutes),
  ];
}
