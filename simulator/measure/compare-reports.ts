import type { Change, ParameterChange, ReportComparison, RowComparison, SourcedValue } from '../domain/comparison.ts';
import type { Report, StrategyReport } from '../domain/report.ts';
import { labelsOf } from './candidates.ts';
import { changesOf } from './changes.ts';
import { comparedRow, measureDifferences, type RowPair } from './compare-rows.ts';

/** Puts two reports side by side, `a` the older: what changed in scenario and parameters, and in each row's placements and results. */
export function compareReports(a: Report, b: Report): ReportComparison {
  const isPaired = JSON.stringify(a.seeds) === JSON.stringify(b.seeds);
  const pairs = pairedRows(a.strategies, b.strategies);
  const measures = measureDifferences(pairs, isPaired);
  const runs = { a: a.seeds.length, b: b.seeds.length };
  const rows = pairs.map((pair, i): RowComparison => ({ ...comparedRow(pair, runs), measures: measures[i] ?? [] }));
  const side = ({ scenario, version, seeds, verdict }: Report) => ({
    name: scenario.name,
    version,
    seeds,
    verdict: { chosen: verdict.chosen, because: verdict.because },
  });
  return {
    schema: 'comparison@1',
    a: side(a),
    b: side(b),
    is_paired: isPaired,
    has_scenarios: a.scenario.data !== undefined && b.scenario.data !== undefined,
    scenario: scenarioChanges(a, b),
    parameters: parameterChanges(
      a.parameters,
      b.parameters,
      rows.filter((row) => row.in === 'both').map((row) => row.label),
    ),
    rows,
  };
}

/** What was played and for how long, then the scenario field by field; the load only when no field says why it differs. */
function scenarioChanges(a: Report, b: Report): Change[] {
  const conditions = ({ version, world, seeds, scenario }: Report) => {
    const { duration_s, warmup_s, cut_start_s } = scenario;
    return { version, world, seeds: seeds.join(', '), played_s: duration_s, warmup_s, cut_start_s };
  };
  const name = ({ scenario }: Report) => ({ name: scenario.name, description: scenario.description });
  const [mine, theirs] = [a.scenario.data ?? name(a), b.scenario.data ?? name(b)];
  const isWhole = a.scenario.data !== undefined && b.scenario.data !== undefined;
  const fields = isWhole ? changesOf(mine, theirs) : changesOf(name(a), name(b));
  const isTold = fields.some(({ path }) => path.startsWith('workload.'));
  const peak = (report: Report) => Math.max(0, ...report.scenario.load.map(([, rate]) => rate));
  const load = isTold ? [] : changesOf({ load_peak_per_s: peak(a) }, { load_peak_per_s: peak(b) });
  return [...changesOf(conditions(a), conditions(b)), ...fields, ...load];
}

/**
 * Parameters as the rows see them that both reports have: a report names a row behind the path where its value is another one.
 *
 * Simplified: a path that none of these rows uses is compared all the same, by the value of another row; who compares reports
 * of different strategies may see one that concerns neither.
 */
function parameterChanges(a: Parameters, b: Parameters, labels: readonly string[]): ParameterChange[] {
  const [mine, theirs] = [valuesOf(a), valuesOf(b)];
  const paths = [...new Set([...mine.keys(), ...theirs.keys()])].filter((path) => !labels.some((l) => path.endsWith(` (${l})`)));
  return paths.flatMap((path) => {
    const seen = (labels.length > 0 ? labels : ['']).map((label) => ({
      path: `${path} (${label})`,
      a: mine.get(`${path} (${label})`) ?? mine.get(path) ?? null,
      b: theirs.get(`${path} (${label})`) ?? theirs.get(path) ?? null,
    }));
    const isSame = seen.every((one) => changesOf([one.a, one.b], [seen[0]?.a, seen[0]?.b]).length === 0);
    const changes = isSame ? seen.slice(0, 1).map((one) => ({ ...one, path })) : seen;
    return changes.filter((one) => changesOf(one.a, one.b).length > 0);
  });
}

type Parameters = Report['parameters'];

function valuesOf(parameters: Parameters): Map<string, SourcedValue> {
  return new Map(parameters.map(({ path, ...value }) => [path, value]));
}

/** Rows of the same strategy, controller and rate; what is left over goes by strategy and rate, so that a new controller is a change. */
function pairedRows(a: readonly StrategyReport[], b: readonly StrategyReport[]): RowPair[] {
  const left = [...b];
  const take = (isIt: (row: StrategyReport) => boolean): StrategyReport | undefined => {
    const at = left.findIndex(isIt);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const exact = a.map((row) => take((o) => o.name === row.name && o.controller === row.controller && o.rate === row.rate));
  const pairs = a.map((row, i) => ({ a: row, b: exact[i] ?? take((o) => o.name === row.name && o.rate === row.rate) }));
  const labels = labelsOf([...a, ...left]);
  return [
    ...pairs.map((pair) => ({ ...pair, label: labels.get(pair.a) ?? pair.a.name })),
    ...left.map((row) => ({ a: undefined, b: row, label: labels.get(row) ?? row.name })),
  ];
}
