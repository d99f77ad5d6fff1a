import { quantile } from '../simulator/domain/distribution.ts';
import type { Report } from '../simulator/domain/report.ts';
import { law } from './figures.ts';
import { plain } from './text.ts';

type Study = NonNullable<Report['sensitivity']>;
type Row = Study['rows'][number];

/** One varied number with what half and double of it do, the strongest first. */
export interface Varied {
  name: string;
  what: Row['what'];
  unit: string;
  rows: Row[];
  matters: boolean;
}

/** Rows of a study by the number that was varied, in the order of the study. */
export function variedOf(study: Study): Varied[] {
  const found = new Map<string, Varied>();
  for (const row of study.rows) {
    const { what, unit, matters } = row;
    const key = `${what} ${row.name}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { name: plain(row.name), what, unit: plain(unit), rows: [row], matters });
    else {
      known.rows.push(row);
      known.matters ||= matters;
    }
  }
  return [...found.values()];
}

/** `doubled, to 24`; a law by its median, and the end of the range where that cut it. */
export function changeWords({ direction, to, cut }: Row): string {
  const value = typeof to === 'number' ? law(to) : `p50 ${law(quantile(to, 0.5))}`;
  return cut ? `to ${value}, its range's end` : `${direction}, to ${value}`;
}

/** `+12 %` against the unchanged run; nothing where it is the same to a tenth of a per cent. */
export function moveWords(before: number | null, after: number | null): string {
  if (before === null || after === null || before === 0) return before === after ? '' : '?';
  const share = (after / before - 1) * 100;
  if (Math.abs(share) < 0.05) return '';
  const size = Math.abs(share).toLocaleString('en-US', { maximumFractionDigits: Math.abs(share) < 10 ? 1 : 0 });
  return `${share < 0 ? '−' : '+'}${size} %`;
}

/** What is chosen then, where that is another choice. */
export function choiceWords(study: Study, row: Row): string {
  if (row.chosen === study.chosen) return '';
  return row.chosen === null ? 'none meets all' : plain(row.chosen);
}

/** Lines that the studied strategy misses then and does not miss unchanged, without by how much. */
export function newlyMissed(study: Study, row: Row): string[] {
  if (row.figures === null) return ['cannot be placed'];
  const before = new Set(study.base.missed.map(lineOf));
  return row.figures.missed.map(lineOf).filter((line) => !before.has(line));
}

function lineOf(text: string): string {
  return plain(text.split(':')[0] ?? text);
}
