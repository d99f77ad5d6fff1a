import picocolors from 'picocolors';
import type {
  Change,
  MeasureDifference,
  ParameterChange,
  ReportComparison,
  SourcedValue,
} from '../simulator/domain/comparison.ts';
import { sides } from './change-text.ts';
import { comparedResults } from './compared-results.ts';
import { law } from './figures.ts';
import type { Colours } from './grid.ts';
import { counted, plain } from './text.ts';
import { wrapped } from './wrap.ts';

export interface ComparisonOptions {
  colour: boolean;
  width: number;
  /** What the two reports are called: their files. */
  names: { a: string; b: string };
}

/** Two reports side by side for a terminal: the verdicts, what went in, what came out; at last what cannot be told. */
export function comparisonText(compared: ReportComparison, o: ComparisonOptions): string {
  const colours = picocolors.createColors(o.colour);
  const width = Math.max(40, o.width);
  const parts = [
    [...headOf(compared, colours), ...sidesOf(compared, o)].join('\n'),
    block('What changed in the scenario', changeLines(compared.scenario, width), colours),
    block('What changed in the parameters', parameterLines(compared.parameters, width), colours),
    block('What is placed or sized differently', placementLines(compared, width), colours),
    ...comparedResults(compared, width, colours),
    wrapped(caveat(compared), width).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headOf({ a, b }: ReportComparison, colours: Colours): string[] {
  const [was, is] = [a.verdict.chosen, b.verdict.chosen].map((name) => (name === null ? null : plain(name)));
  if (was === is) return [colours.bold(is === null ? 'Neither chooses a strategy.' : `Both choose ${is}.`)];
  return [colours.bold(`The choice changes: ${was ?? 'nobody'} in A, ${is ?? 'nobody'} in B.`)];
}

function sidesOf(compared: ReportComparison, { names, width }: ComparisonOptions): string[] {
  return (['a', 'b'] as const).flatMap((side) => {
    const { name, verdict } = compared[side];
    const text = `${names[side]} (${plain(name)}): ${plain(verdict.because)}`;
    return wrapped(text, width, `${side.toUpperCase()}  `, '   ');
  });
}

function block(title: string, lines: readonly string[], colours: Colours): string {
  return lines.length === 0 ? '' : [colours.bold(title), ...lines].join('\n');
}

const SHOWN = 30;

/** The first lines of a list, and how many more `--json` has. */
function first(lines: readonly string[][]): string[] {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN).flat(), ...(more > 0 ? [`  and ${more} more (--json has all)`] : [])];
}

function changeLines(changes: readonly Change[], width: number): string[] {
  return first(changes.map((change) => wrapped(`${plain(change.path)}: ${sides(change)}`, width, '  ', '      ')));
}

function parameterLines(changes: readonly ParameterChange[], width: number): string[] {
  const [both, one] = [changes.filter(({ a, b }) => a && b), changes.filter(({ a, b }) => !a || !b)];
  const only = (side: 'a' | 'b') => one.filter((change) => change[side] !== null).length;
  const rest = (['a', 'b'] as const).flatMap((side) =>
    only(side) > 0
      ? [`  ${counted(only(side), 'parameter')} of parts that only ${side.toUpperCase()} has (--json names them)`]
      : [],
  );
  return [...first(both.map((change) => parameterLine(change, width))), ...rest];
}

function parameterLine({ path, a, b }: ParameterChange, width: number): string[] {
  if (a === null || b === null) return [];
  const value = ({ value: number, unit }: SourcedValue) => `${law(number)} ${unit}`;
  const source = ({ source: text, date, kind }: SourcedValue) =>
    [text.startsWith(kind) ? '' : kind, text, date].filter((word) => word !== '').join(', ');
  const [was, is] = [value(a), value(b)];
  const same = was === is ? `${was}, as before` : `${was} → ${is}`;
  const from = source(a) === source(b) ? `${source(b)}, in both` : `A: ${source(a)}; B: ${source(b)}`;
  return [...wrapped(plain(`${path}: ${same}`), width, '  ', '      '), ...wrapped(plain(from), width, '      ')];
}

/** Placements, sizes and controllers of rows that both have; the same change under several strategies is told once. */
function placementLines({ rows }: ReportComparison, width: number): string[] {
  const told = new Map<string, string[]>();
  for (const row of rows) {
    for (const change of row.decisions) {
      const text = `${plain(change.path)}: ${sides(change)}`;
      told.set(text, [...(told.get(text) ?? []), plain(row.label)]);
    }
  }
  return first([...told].map(([text, labels]) => wrapped(`${text}, under ${labels.join(', ')}`, width, '  ', '      ')));
}

/** What a difference is, and why there may be none. */
function caveat(compared: ReportComparison): string {
  const { a, b, is_paired, has_scenarios, rows } = compared;
  const all: MeasureDifference[] = rows.flatMap((row) => row.measures);
  const how = is_paired ? 'paired by seed' : 'between independent runs (Welch), as the seeds differ';
  const few = Math.min(a.seeds.length, b.seeds.length) < 2 && all.length > 0;
  return [
    few
      ? 'With a single seed nothing can be told from noise: play both with --seeds 3 or more.'
      : `Differences are B less A, means over seeds, ${how}; one is called so beyond its tolerance (1 %, or 0.1 points of the error rate) and with Holm's correction over all ${all.length}.`,
    ...(has_scenarios ? [] : ['The scenarios themselves could not be compared: an older version left them out of its report.']),
  ].join(' ');
}
