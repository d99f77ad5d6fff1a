import type { Report, StrategyReport } from '../domain/report.ts';
import { rowLabel } from './candidates.ts';
import { compare, type Series } from './comparisons.ts';
import { judge, verdictOf } from './verdict.ts';
import { listed } from './words.ts';

type ByLoad = NonNullable<Report['by_load']>;
type AtRate = ByLoad['rates'][number];

/** A row of the report with its values by seed. */
export interface Played {
  row: StrategyReport;
  series: Series;
}

/**
 * Who wins at each rate that was played, and between which rates that changes; nothing when a single rate was played.
 *
 * Each rate is judged as if it were the only one, so that the whole verdict (one placement for every rate) and this one
 * may differ. Only rates that were played are claimed: what happens between two of them nobody has seen.
 */
export function byLoad(played: readonly Played[], runs: number): Report['by_load'] {
  const rates = [...new Set(played.map(({ row }) => row.rate))].sort((a, b) => a - b);
  if (rates.length < 2) return undefined;
  const found = rates.map((rate) =>
    atRate(
      played.filter(({ row }) => row.rate === rate),
      { rate, runs },
    ),
  );
  return { rates: found, changes: changesAlong(found), because: inWords(found) };
}

function atRate(played: readonly Played[], { rate, runs }: { rate: number; runs: number }): AtRate {
  const judgement = judge(
    played.map(({ row }) => row),
    runs,
  );
  const label = new Map(
    judgement.judged.flatMap((one) => one.rows.map((row): [StrategyReport, string] => [row, rowLabel(one, row)])),
  );
  const series = played.map(({ row, series: one }) => ({ row, series: { ...one, label: label.get(row) ?? row.name } }));
  const isReference = ({ row }: Played): boolean => judgement.reference.rows.includes(row);
  const [own, others] = [series.filter(isReference), series.filter((one) => !isReference(one))];
  const comparisons = compare(
    own.map((one) => one.series),
    others.map((one) => one.series),
  );
  return { rate, ...verdictOf(judgement, comparisons) };
}

/** Neighbouring rates with another winner, and what keeps the former winner from winning there too. */
function changesAlong(rates: readonly AtRate[]): ByLoad['changes'] {
  return rates.slice(1).flatMap((at, i) => {
    const before = rates[i] as AtRate;
    if (before.chosen === at.chosen) return [];
    const why = at.rejected.find((one) => one.strategy === before.chosen)?.because;
    return [
      {
        between: [before.rate, at.rate] as [number, number],
        from: before.chosen,
        to: at.chosen,
        because: why === undefined ? at.because : `${before.chosen}: ${why}`,
      },
    ];
  });
}

/** `up to x2 hybrid-burst, from x5 all-functions (the winner changes between x2 and x5)`. */
function inWords(rates: readonly AtRate[]): string {
  const spans: AtRate[][] = [];
  for (const at of rates) {
    const last = spans.at(-1);
    if (last?.[0]?.chosen === at.chosen) last?.push(at);
    else spans.push([at]);
  }
  const [first] = spans;
  if (first === undefined) return '';
  const played = `of the rates played, ${listed(rates.map(({ rate }) => `x${rate}`))}`;
  if (spans.length === 1)
    return first[0]?.chosen === null
      ? `No strategy meets everything at any ${played}.`
      : `${first[0]?.chosen} at every one ${played}.`;
  const told = spans.map((span, i) => `${placeOf(span, i, spans.length)} ${span[0]?.chosen ?? 'no strategy meets everything'}`);
  const turns = spans.slice(1).map((span, i) => `between x${spans[i]?.at(-1)?.rate} and x${span[0]?.rate}`);
  const text = `${told.join(', ')}; the winner changes ${listed(turns)}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function placeOf(span: readonly AtRate[], i: number, of: number): string {
  const [low, high] = [span[0]?.rate, span.at(-1)?.rate];
  if (i === of - 1) return span.length === 1 ? `at x${low}` : `from x${low}`;
  if (i === 0) return span.length === 1 ? `at x${low}` : `up to x${high}`;
  return low === high ? `at x${low}` : `from x${low} to x${high}`;
}
