import type { Report } from '../domain/report.ts';
import { type Judged, type Judgement, verdictOf } from './verdict.ts';
import { plain, usd } from './words.ts';

/** Of the placements that keep every promise under a load that waits for its answers, the one that served most a second. */
export function saturationVerdict(judgement: Judgement): Report['verdict'] {
  const { judged } = judgement;
  const passing = judged.filter(({ failures }) => failures.length === 0).sort((a, b) => sustained(b) - sustained(a));
  const [chosen] = passing;
  if (chosen === undefined) return verdictOf(judgement, []);
  return {
    chosen: chosen.label,
    because: `${chosen.label} sustains most of those that keep every promise: ${inWords(chosen)}.`,
    rejected: judged
      .filter((other) => other !== chosen)
      .map((other) => ({
        strategy: other.label,
        because: other.failures.map(({ text }) => text).join('; ') || `keeps every promise, but sustains ${inWords(other)}`,
      })),
  };
}

function sustained({ rows }: Judged): number {
  return rows.reduce((sum, { throughput }) => sum + throughput.served_per_s, 0) / rows.length;
}

function inWords(one: Judged): string {
  const million = one.rows[0]?.bill.per_million_served_usd ?? null;
  return `${plain(sustained(one))} operations/s${million === null ? '' : ` at ${usd(million)} per million served`}`;
}
