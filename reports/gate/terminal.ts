import picocolors from 'picocolors';
import type { GateMeasure, GateReport } from '../../simulator/domain/gate.ts';
import { type Colours, grid } from '../grid.ts';
import { counted, listed, plain, worded } from '../text.ts';
import { wrapped } from '../wrap.ts';
import { againstWords, byStanding, cellsOf, checkWords, lineWords, OUTCOMES, whyTexts } from './words.ts';

export interface GateTextOptions {
  colour: boolean;
  width: number;
  /** Where the page was written. */
  page?: string;
}

/** What a gate found for a terminal or a log: the outcome and its reasons, then what is worse, better and unclear, and why. */
export function gateText(report: GateReport, o: GateTextOptions): string {
  const colours = picocolors.createColors(o.colour);
  const width = Math.max(60, o.width);
  const parts = [
    headOf(report, colours, width),
    block('Worse', measures(byStanding(report, 'worse'), colours, width), colours),
    block('Better', measures(byStanding(report, 'better'), colours, width), colours),
    block('Cannot be told apart from noise', measures(byStanding(report, 'unclear'), colours, width), colours),
    block('Checks', told(report.checks.filter((one) => one.standing !== 'same').map(checkWords), width), colours),
    block('Lines', told(report.lines.filter((one) => one.standing !== 'same').map(lineWords), width), colours),
    block('What went in differently', why(report, width), colours),
    restOf(report, width),
    ...report.notes.map((note) => wrapped(note, width).join('\n')),
    o.page === undefined ? '' : `Page: ${o.page}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headOf(report: GateReport, colours: Colours, width: number): string {
  const { mark, word } = OUTCOMES[report.outcome];
  const tint = { passed: colours.green, failed: colours.red, unclear: colours.yellow }[report.outcome];
  const head = `${plain(report.scenario)} (${report.world}) against ${againstWords(report)}`;
  const reasons = report.because.flatMap((text) => wrapped(plain(text), width, '  - ', '    '));
  return [`${tint(colours.bold(`${mark} ${word}`))}: ${head}`, ...reasons.slice(0, 40)].join('\n');
}

function block(title: string, lines: readonly string[], colours: Colours): string {
  return lines.length === 0 ? '' : [colours.bold(title), ...lines].join('\n');
}

function measures(all: readonly GateMeasure[], colours: Colours, width: number): string[] {
  if (all.length === 0) return [];
  const head = ['strategy', 'measure', 'before', 'now', 'now less before', '', ...(width < 100 ? [] : ['95 % interval'])];
  const rows = all.map((one) => {
    const { before, now, difference, share, interval } = cellsOf(one);
    return [plain(one.row), worded(one.measure), before, now, difference, share, interval].slice(0, head.length);
  });
  return [grid({ head, rows, isText: head.map((_, i) => i < 2), colours })];
}

function told(texts: readonly string[], width: number): string[] {
  return texts.flatMap((text) => wrapped(text, width, '  ', '      '));
}

const SHOWN = 30;

function why(report: GateReport, width: number): string[] {
  const texts = whyTexts(report);
  const more = texts.length - SHOWN;
  return [...told(texts.slice(0, SHOWN), width), ...(more > 0 ? [`  and ${more} more (--json has all)`] : [])];
}

function restOf(report: GateReport, width: number): string {
  const { rows, measures: all } = report;
  const [same, unknown] = [byStanding(report, 'same').length, byStanding(report, 'unknown').length];
  const texts = [
    ...(all.length > 0 ? [`${counted(same, 'measure')}: no difference beyond its tolerance.`] : []),
    ...(unknown > 0 ? [`${counted(unknown, 'measure')}: too few samples.`] : []),
    ...(rows.only_now.length > 0 ? [`Not in the baseline: ${listed(rows.only_now.map(plain))}.`] : []),
    ...(rows.only_before.length > 0 ? [`Only in the baseline: ${listed(rows.only_before.map(plain))}.`] : []),
  ];
  return texts.length === 0 ? '' : wrapped(texts.join(' '), width).join('\n');
}
