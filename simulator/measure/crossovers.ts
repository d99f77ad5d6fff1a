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

/** `Up to x2 hybrid-burst, from x5 all-functions; the winner changes between x2 and x5.` */
function inWords(rates: readonly AtRate[]): string {
  const spans: AtRate[][] = [];
  for (const at of rates) {
    const last = spans.at(-1);
    if (last?.[0] !== undefined && winnerOf(last[0]) === winnerOf(at)) last.push(at);
    else spans.push([at]);
  }
  const [first] = rates;
  if (first === undefined) return '';
  if (spans.length === 1)
    return capital(
      `${winnerOf(first)} at ${first.chosen === null ? 'any' : 'every one'} of the rates played, ${listed(rates.map(({ rate }) => `x${rate}`))}.`,
    );
  const told = spans.map((span, i) => `${placeOf(span, i, spans.length)} ${winnerOf(span[0] as AtRate)}`);
  const turns = changesAlong(rates).map(({ between }) => `between x${between[0]} and x${between[1]}`);
  return capital(`${told.join(', ')}${turns.length > 0 ? `; the winner changes ${listed(turns)}` : ''}.`);
}

/** The winner's name, or in the verdict's words that there is none, or none that can be told. */
function winnerOf({ chosen, because }: AtRate): string {
  if (chosen !== null) return chosen;
  return /^No strategy is known/.test(because) ? 'no strategy is known to meet everything' : 'no strategy meets everything';
}

/** Sentences begin with a capital, names of strategies stay as they are. */
function capital(text: string): string {
  return text.replace(/^(up|at|from|no) /, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

function placeOf(span: readonly AtRate[], i: number, of: number): string {
  const [low, high] = [span[0]?.rate, span.at(-1)?.rate];
  if (i === of - 1) return span.length === 1 ? `at x${low}` : `from x${low}`;
  if (i === 0) return span.length === 1 ? `at x${low}` : `up to x${high}`;
  return low === high ? `at x${low}` : `from x${low} to x${high}`;
}
