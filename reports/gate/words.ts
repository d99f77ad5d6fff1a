import type { GateChange, GateCheck, GateLine, GateMeasure, GateReport, GateStanding } from '../../simulator/domain/gate.ts';
import { sides } from '../change-text.ts';
import { amount, between, NONE } from '../figures.ts';
import { measured, signed } from '../measure-text.ts';
import { measuredValue } from '../objective-text.ts';
import { plain, worded } from '../text.ts';

/** What an outcome is called, with a mark that does not need colour. */
export const OUTCOMES: Readonly<Record<GateReport['outcome'], { mark: string; word: string }>> = {
  passed: { mark: '✓', word: 'Passed' },
  failed: { mark: '✗', word: 'Failed' },
  unclear: { mark: '?', word: 'Too noisy to tell' },
};

/** `hybrid: read p95`. */
export function nameOf({ row, measure }: Pick<GateMeasure, 'row' | 'measure'>): string {
  return `${plain(row)}: ${worded(measure)}`;
}

export function againstWords({ against: { kind, name, version } }: GateReport): string {
  return `${kind} ${plain(name)} (version ${plain(version)})`;
}

/** A measure as cells of a table: before, now, the difference with its share, its interval. */
export function cellsOf(one: GateMeasure): { before: string; now: string; difference: string; share: string; interval: string } {
  const { measure, before, now, difference, ci95 } = one;
  return {
    before: measured(kindOf(measure), before),
    now: measured(kindOf(measure), now),
    difference: difference === null ? NONE : signed(kindOf(measure), difference),
    share: difference === null || before === null || before === 0 ? '' : percentOf(difference / Math.abs(before)),
    interval: ci95 === null ? NONE : between(ci95, (end) => signed(kindOf(measure), end)),
  };
}

/** What of a measure decides its unit: its last word. */
function kindOf(measure: string): string {
  return measure.split(' ').at(-1) ?? measure;
}

function percentOf(share: number): string {
  return `${share < 0 ? '−' : '+'}${amount(Math.abs(share * 100))} %`;
}

/** A measure of a standing, in one sentence. */
export function sentenceOf(one: GateMeasure): string {
  const { before, now, difference, share, interval } = cellsOf(one);
  const detail = `${before} before, ${now} now (${[difference, share].filter((text) => text !== '').join(', ')}`;
  const known = one.ci95 === null ? '' : `; 95 %: ${interval}`;
  const can = one.detectable ? `; only from ${signed(kindOf(one.measure), one.detectable)} on would it be found for sure` : '';
  return `${nameOf(one)}: ${detail}${known}${can})`;
}

export function checkWords({ row, check, before, now, holds }: GateCheck): string {
  const cases = before === null ? `${amount(now)} cases a run` : `${amount(before)} → ${amount(now)} cases a run`;
  return `${plain(row)}: ${worded(check)}: ${cases}${holds ? '' : ', does not hold'}`;
}

export function lineWords({ row, text, met, before, value, limit, unit }: GateLine): string {
  const stands = (one: boolean | null) => (one === null ? 'too few samples to tell' : one ? 'met' : 'missed');
  const number = (one: number) => `${amount(one)}${unit === '' ? '' : ` ${unit}`}`;
  const found =
    value === null
      ? met === null
        ? []
        : ['not served']
      : [limit === null ? measuredValue({ text, met, value }) : number(value)];
  const bound = limit === null || !Number.isFinite(limit) || !text.includes('baseline') ? [] : [`limit ${number(limit)}`];
  const detail = [...found, ...bound].join(', ');
  const was = before === null || before === met ? '' : `${stands(before)} before, `;
  return `${plain(row)}: ${plain(text)}: ${was}${stands(met)}${detail === '' ? '' : ` (${detail})`}`;
}

/** What went in differently, a text each; or, where something came out differently all the same, that nothing did. */
export function whyTexts(report: GateReport): string[] {
  if (report.changes.length > 0) return report.changes.map((change) => `${change.of}: ${changeWords(change)}`);
  return hasMoved(report) ? [NOTHING_WENT_IN] : [];
}

/** `application.components.page.cpu_ms: 8 → 12`. */
function changeWords(change: GateChange): string {
  return `${plain(change.path === '' ? change.of : change.path)}: ${sides(change)}`;
}

/** Said where nothing that went in has changed. */
const NOTHING_WENT_IN =
  'Nothing that went in has changed: scenario, prices, parameters, placements and version are the same. What came out differently is the program itself.';

export function byStanding(report: GateReport, standing: GateStanding): GateMeasure[] {
  return report.measures.filter((one) => one.standing === standing);
}

/** Whether anything came out differently that noise cannot have made. */
function hasMoved({ world, measures, checks, lines }: GateReport): boolean {
  return (
    world === 'virtual' &&
    [...measures, ...checks, ...lines].some(({ standing }) => standing !== 'same' && standing !== 'unknown')
  );
}
