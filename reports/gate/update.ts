import type { Baseline } from '../../simulator/domain/baseline.ts';
import type { GateReport } from '../../simulator/domain/gate.ts';
import { counted, listed, plain } from '../text.ts';
import { checkWords, sentenceOf, whyTexts } from './words.ts';

const SHOWN = 40;

/** What `--update` wrote, and what that changes: the part of a review that the file itself does not say. */
export function updateText(o: { path: string; isSame: boolean; before: GateReport | undefined; now: Baseline }): string {
  const { before, now } = o;
  const rows = Object.keys(now.rows);
  if (o.isSame) return `${o.path}: unchanged; everything is as it was measured.\n`;
  const measures = rows.reduce((sum, row) => sum + Object.keys(now.rows[row]?.measures ?? {}).length, 0);
  if (before === undefined)
    return `${o.path}: written, with ${counted(measures, 'measure')} of ${listed(rows.map(plain))}, seeds ${now.seeds.join(', ')}.\n`;
  const came = before.rows.only_now.length > 0 ? [`new: ${listed(before.rows.only_now.map(plain))}`] : [];
  const gone = before.rows.only_before.length > 0 ? [`gone: ${listed(before.rows.only_before.map(plain))}`] : [];
  const moved = [
    ...before.checks.filter((one) => one.standing !== 'same').map(checkWords),
    ...before.measures
      .filter(({ standing }) => !['same', 'unknown'].includes(standing))
      .map((one) => `${one.standing}: ${sentenceOf(one)}`),
  ];
  const told = whyTexts(before);
  return `${[`${o.path}: written; what changes:`, ...some([...came, ...gone, ...moved]), ...(told.length > 0 ? ['Why:', ...some(told)] : [])].join('\n')}\n`;
}

function some(texts: readonly string[]): string[] {
  const lines = texts.slice(0, SHOWN).map((text) => `  ${text}`);
  return [
    ...(lines.length > 0 ? lines : ['  nothing beyond its tolerance']),
    ...(texts.length > SHOWN ? [`  and ${texts.length - SHOWN} more`] : []),
  ];
}
