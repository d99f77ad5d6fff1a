import type { MeasureDifference, ReportComparison, RowComparison } from '../simulator/domain/comparison.ts';
import { amount, between, NONE, usd } from './figures.ts';
import { type Colours, grid } from './grid.ts';
import { measured, signed } from './measure-text.ts';
import { measuredValue } from './objective-text.ts';
import { counted, plain, worded } from './text.ts';
import { wrapped } from './wrap.ts';

/** What came out differently: measures, then objectives and checks, a block each. */
export function comparedResults(compared: ReportComparison, width: number, colours: Colours): string[] {
  const both = compared.rows.filter((row) => row.in === 'both');
  return [
    presence(compared.rows, width),
    measures(compared, both, width, colours),
    lines('Objectives', both.flatMap(objectives), { width, colours }),
    lines('Checks', both.flatMap(checks), { width, colours }),
  ];
}

function presence(rows: readonly RowComparison[], width: number): string {
  const told = (['a', 'b'] as const).flatMap((side) => {
    const labels = rows.filter((row) => row.in === side).map((row) => plain(row.label));
    return labels.length > 0 ? wrapped(`Only ${side.toUpperCase()} played ${labels.join(', ')}.`, width) : [];
  });
  return told.join('\n');
}

/** Measures that are called a difference; with a single seed those beyond their tolerance, as nobody can tell. */
function isShown({ significant, difference, ci95, tolerance }: MeasureDifference): boolean {
  return significant || (ci95 === null && difference !== null && Math.abs(difference) > (tolerance ?? 0));
}

function measures({ rows }: ReportComparison, both: readonly RowComparison[], width: number, colours: Colours): string {
  const all = rows.flatMap((row) => row.measures);
  if (all.length === 0) return '';
  const shown = both.flatMap((row) => row.measures.filter(isShown).map((one) => ({ row, one })));
  const unknown = all.filter((one) => one.difference === null).length;
  const rest = all.length - shown.length - unknown;
  const measure = shown.length > 0 ? 'other measure' : 'measure';
  const counts = [
    ...(rest > 0 ? [`${counted(rest, measure)}: no difference beyond noise and tolerance`] : []),
    ...(unknown > 0 ? [`${counted(unknown, 'measure')}: too few samples in some seed`] : []),
  ];
  const head = ['strategy', 'measure', 'A', 'B', 'B less A', ...(width < 90 ? [] : ['95 % interval'])];
  const table = grid({
    head,
    rows: shown.map(({ row, one }) => line(row, one, colours).slice(0, head.length)),
    isText: head.map((_, i) => i < 2),
    colours,
  });
  const month = both.flatMap(monthOf).join(', ');
  return [
    ...(shown.length > 0 ? [colours.bold('What came out differently'), table] : []),
    ...(counts.length > 0 ? wrapped(`${counts.join('; ')}.`, width) : []),
    ...(month === '' ? [] : wrapped(`A month: ${month}.`, width)),
  ].join('\n');
}

/** What a month costs, where it differs and is no line of the table, with the interval of the difference. */
function monthOf({ label, month_usd: { a, b }, measures: all }: RowComparison): string[] {
  const one = all.find(({ measure }) => measure === 'cost_per_month');
  if (usd(a) === usd(b) || (one !== undefined && isShown(one))) return [];
  const noise = one?.ci95 ? ` (95 %: ${between(one.ci95, (end) => signed(one.measure, end))})` : '';
  return [`${plain(label)} ${usd(a)} → ${usd(b)}${noise}`];
}

function line({ label }: RowComparison, one: MeasureDifference, colours: Colours): string[] {
  const { measure, a, b, difference, ci95, significant } = one;
  const value = difference === null ? NONE : signed(measure, difference);
  const isWorse = (difference ?? 0) > 0 !== (measure === 'throughput');
  const tinted = significant ? (isWorse ? colours.red(value) : colours.green(value)) : value;
  const interval = ci95 === null ? 'one seed' : between(ci95, (end) => signed(measure, end));
  return [plain(label), worded(measure), measured(measure, a), measured(measure, b), tinted, interval];
}

/** Lines that are met on one side and not on the other, or that only one side has. */
function objectives(row: RowComparison): string[] {
  return row.objectives.flatMap(({ text, a, b }) => {
    if (a !== null && b !== null && a.met === b.met) return [];
    const side = (one: typeof a) => (one === null ? 'not asked for' : `${word(one.met)} (${measuredValue({ text, ...one })})`);
    return [`${plain(row.label)}: ${plain(text)}: ${side(a)} → ${side(b)}`];
  });
}

const word = (met: boolean | null): string => (met === null ? 'unknown' : met ? 'met' : 'missed');

function checks(row: RowComparison): string[] {
  return row.checks.flatMap(({ name, a, b }) => {
    if (a?.binds !== true && b?.binds !== true && a?.holds === b?.holds) return [];
    const side = (one: typeof a) =>
      one === null ? 'not counted' : `${amount(one.per_run)} a run${one.binds && !one.holds ? ', fails' : ''}`;
    return side(a) === side(b) ? [] : [`${plain(row.label)}: ${worded(name)}: ${side(a)} → ${side(b)}`];
  });
}

function lines(title: string, texts: readonly string[], { width, colours }: { width: number; colours: Colours }): string {
  if (texts.length === 0) return '';
  return [colours.bold(title), ...texts.flatMap((text) => wrapped(text, width, '  ', '      '))].join('\n');
}
