import type { CellResult } from '../domain/cell.ts';
import type { Plan } from '../domain/plan.ts';
import type { StrategyReport } from '../domain/report.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { Sensitivity } from '../domain/sensitivity.ts';
import { type Described, type Outcome, outcomeOf, sensitivityOf } from '../measure/sensitivity.ts';
import { rowOf } from '../measure/summary.ts';
import { variablesOf } from '../plan/variables.ts';
import { type Variation, variationsOf, varied } from '../plan/vary.ts';
import { type CellsOptions, runCells } from './cells.ts';
import { type Axes, cellsOf, type Row, type Rows, recompiled } from './rows.ts';

/** One comparison of the study: the rows that differ from the plain ones, and where the others stand unchanged. */
interface Comparison {
  variation: Variation | null;
  /** By row of the plain comparison; null when it cannot be placed any more. */
  plans: (Plan | null)[];
}

/** Every comparison to play, the plain one first, and the rows that have to be played for them. */
export interface Study {
  comparisons: Comparison[];
  fresh: Row[];
}

/**
 * Compiles every variation: half and double of each assumed number and of each demand.
 *
 * Placement rules and sizing are applied again, as an architect would. A row whose plan stays the same is not played again.
 */
export function studyOf(scenario: Scenario, rows: Rows): Study {
  const plain = rows.rows.map(({ plan }) => plan);
  const comparisons: Comparison[] = [{ variation: null, plans: plain }];
  const fresh = [...rows.rows];
  const known = plain.map(playedPart);
  for (const variation of variationsOf(variablesOf(scenario, plain))) {
    const plans = rows.rows.map((row, i) => {
      const plan = planUnder(scenario, variation, { row, rows });
      if (plan === null) return null;
      if (playedPart(plan) === known[i]) return row.plan;
      const played = { ...plan, parameters: [], decisions: [] };
      fresh.push({ ...row, plan: played });
      return played;
    });
    comparisons.push({ variation, plans });
  }
  return { comparisons, fresh };
}

function planUnder(scenario: Scenario, variation: Variation, o: { row: Row; rows: Rows }): Plan | null {
  const compiled = recompiled(varied(scenario, variation, o.row.plan), o.row, o.rows);
  if ('plan' in compiled) return compiled.plan;
  const ours = compiled.problems.find(({ path }) => path.startsWith('parameters.'));
  if (ours) throw new Error(`${variation.variable.name} cannot be varied: ${ours.path} ${ours.message}`);
  return null;
}

/** A plan without what only explains it. */
function playedPart({ parameters: _, decisions: __, ...played }: Plan): string {
  return JSON.stringify(played);
}

export interface StudyOptions extends CellsOptions {
  rows: Rows;
  study: Study;
  /** What the report chose. */
  verdict: string | null;
}

/** Plays every comparison of a study with the seeds of `axes`, and says what the verdict rests on. */
export async function playStudy(scenario: Scenario, axes: Axes, o: StudyOptions): Promise<Sensitivity> {
  const { rows, study } = o;
  const plain = new Map<Plan, StrategyReport>();
  const outcomes: (Outcome | null)[] = [];
  const reports = new Map<Plan, StrategyReport>();
  const gathered: CellResult[] = [];
  const settle = () => {
    for (let next = study.comparisons[outcomes.length]; next; next = study.comparisons[outcomes.length]) {
      const own = next.plans.flatMap((plan) => (plan === null ? [] : [plain.get(plan) ?? reports.get(plan)]));
      if (own.includes(undefined)) return;
      outcomes.push(outcomeOf(own as StrategyReport[], axes.seeds.length));
      if (next.variation === null) for (const [plan, report] of reports) plain.set(plan, report);
      reports.clear();
    }
  };
  const { traces: _, ...untraced } = axes;
  await runCells(cellsOf(scenario, { ...rows, rows: study.fresh }, { ...untraced, wantsLedger: false }), {
    ...o,
    taken: (result, number) => {
      gathered.push({ ...result });
      emptied(result);
      if (gathered.length < axes.seeds.length) return;
      const { plan } = study.fresh[Math.floor(number / axes.seeds.length)] as Row;
      reports.set(plan, rowOf(plan, gathered.splice(0)));
      settle();
    },
  });
  return sensitivityOf({ seeds: axes.seeds, verdict: o.verdict, ...foundOf(study, outcomes) });
}

/** Hundreds of results would fill the memory: what has been read goes. */
function emptied(result: CellResult): void {
  Object.assign(result, { operations: [], lags: [], usage: [], checks: [], pools: [] });
}

function foundOf({ comparisons }: Study, [base, ...outcomes]: (Outcome | null)[]) {
  if (!base) throw new Error('a study without its plain comparison');
  const variations = comparisons.slice(1).map(({ variation }, i) => ({
    described: describedBy(variation as Variation),
    outcome: outcomes[i] ?? null,
  }));
  return { base, variations };
}

function describedBy({ variable, direction, from, to, cut }: Variation): Described {
  const { what, name, unit, range, members } = variable;
  const paths = [...new Set(members.map(({ path }) => path))];
  return { what, name, paths, unit, direction, from, to, ...(range ? { range: [range[0], range[1]] } : {}), cut };
}
