import type { Baseline, BaselineRow } from '../../domain/baseline.ts';
import type { GateCheck, GateLine } from '../../domain/gate.ts';
import type { Report, StrategyReport } from '../../domain/report.ts';
import { labelsOf } from '../candidates.ts';
import { evaluate, objectiveReport, readingsOf } from '../evaluate.ts';
import { factorOf, type Objective } from '../objectives.ts';

type Labelled = readonly [string, StrategyReport];

function rowsOf(report: Report): Labelled[] {
  return [...labelsOf(report.strategies)].map(([row, label]) => [label, row]);
}

/** Checks that bind: one that held and no longer does is worse whatever the noise, and so is one with more cases than before. */
export function checkLines(report: Report, before: Baseline | undefined): GateCheck[] {
  return rowsOf(report).flatMap(([label, row]) =>
    row.checks
      .filter((check) => check.binds)
      .map(({ name, holds, count, examples }) => {
        const was = before?.rows[label]?.checks[name];
        const now = count / report.seeds.length;
        const isNew = was === undefined ? !holds : was.holds ? !holds : !holds && now > was.per_run;
        const standing = isNew ? 'worse' : was !== undefined && (now < was.per_run || (holds && !was.holds)) ? 'better' : 'same';
        return { row: label, check: name, before: was?.per_run ?? null, now, holds, standing, examples: examples.slice(0, 3) };
      }),
  );
}

/** The scenario's lines: what was met must stay met. One that nobody met before is no regression. */
export function objectiveLines(report: Report, before: Baseline | undefined): GateLine[] {
  return rowsOf(report).flatMap(([label, row]) =>
    row.objectives.map(({ text, met, value }): GateLine => {
      const was = before?.rows[label]?.objectives[text] ?? null;
      const standing = met === false && was === true ? 'worse' : met === true && was === false ? 'better' : 'same';
      const shown = met === null && was === true ? 'unknown' : standing;
      return { row: label, text, of: 'scenario', met, before: was, value, limit: null, unit: '', standing: shown };
    }),
  );
}

/** Lines that every row that was played must meet, whatever it did before; those relative to a baseline against its own row. */
export function thresholdLines(
  thresholds: readonly Objective[],
  o: { report: Report; before: Baseline | undefined; of: GateLine['of'] },
): GateLine[] {
  return rowsOf(o.report).flatMap(([label, row]) =>
    thresholds.flatMap((line) => {
      const measured = { ...row, runs: o.report.seeds.length };
      const resolved = line.baseline === undefined ? [line] : relative(line, measured, o.before?.rows[label]);
      return resolved.map((one): GateLine => {
        const common = { row: label, text: line.text, of: o.of, before: null, unit: one.unit };
        if (!Number.isFinite(one.value)) return { ...common, met: null, value: null, limit: null, standing: 'unknown' };
        const { met, value } = objectiveReport(evaluate(one, measured));
        return { ...common, met, value, limit: one.value, standing: met === null ? 'unknown' : met ? 'same' : 'worse' };
      });
    }),
  );
}

/** The line once for everything that it looks at, each with a limit from its own baseline; NaN where that has no value. */
function relative(line: Objective, row: Parameters<typeof readingsOf>[1], before: BaselineRow | undefined): Objective[] {
  const subjects = readingsOf(line, row).map((reading) => reading.subject);
  const { times = 1 } = line.baseline ?? {};
  return subjects.map((subject) => {
    const check = before?.checks[line.measure]?.per_run;
    const was = check ?? before?.measures[subject === null ? line.measure : `${subject} ${line.measure}`]?.value ?? Number.NaN;
    return { ...line, operation: subject, value: (was / factorOf(line)) * times + line.value };
  });
}
