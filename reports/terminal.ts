import picocolors from 'picocolors';
import type { Report } from '../simulator/domain/report.ts';
import { reasonsByLoad, winnersByRate } from './by-load.ts';
import { faultLines, faultsInWindow } from './faults.ts';
import { amount, clock, duration, large, ms, percent, usd } from './figures.ts';
import { type Colours, grid } from './grid.ts';
import { interruptionLines } from './interruptions.ts';
import { liveLines } from './live-lines.ts';
import {
  examplesOf,
  MARKS,
  operationNames,
  othersOf,
  othersTitle,
  type Row,
  reasonsOf,
  rowsOf,
  type Standing,
  verdictOf,
} from './rows.ts';
import { SATURATION_HEAD, saturationRows } from './saturation.ts';
import { scalingLines } from './scaling-lines.ts';
import { changeWords, choiceWords, moveWords, newlyMissed, variedOf } from './sensitivity-rows.ts';
import { sparkline } from './sparkline.ts';
import { counted, plain, shortened } from './text.ts';
import { wrapped } from './wrap.ts';

export interface TerminalOptions {
  /** Colour only repeats what words say; the caller knows NO_COLOR and whether anybody watches. */
  colour: boolean;
  /** Columns of the terminal; for a pipe, what one would like to read: 120. */
  width: number;
  /** Where the page was written, if it was. */
  page?: string | undefined;
}

/** What a terminal shows at the end of a run: the verdict first, then the table behind it, then what failed and why. */
export function terminal(report: Report, options: TerminalOptions): string {
  const colours = picocolors.createColors(options.colour);
  const width = Math.max(40, options.width);
  const rows = rowsOf(report);
  const parts = [
    verdict(report, width, colours),
    [...heading(report, width, colours), ...loadLine(report, width), ...faultsOf(report, width), ...spotOf(rows, width)].join(
      '\n',
    ),
    saturation(report, colours),
    comparison(rows, width, colours),
    byLoad(report, rows, width, colours),
    scalingLines(rows, colours),
    failures(rows, width, colours),
    sensitivity(report, width, colours),
    operations(report, rows, width, colours),
    ending(report, rows, options),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function verdict(report: Report, width: number, colours: Colours): string {
  const { head: sentence, because } = verdictOf(report);
  const tint = report.verdict.chosen === null ? colours.red : colours.green;
  return [colours.bold(tint(sentence)), ...wrapped(because, width)].join('\n');
}

function heading(report: Report, width: number, colours: Colours): string[] {
  const { scenario, seeds } = report;
  const first = seeds[0];
  const range = seeds.length > 1 ? `seeds ${first} to ${seeds[seeds.length - 1]}` : `seed ${first}`;
  const facts = [`${report.world} world`, duration(scenario.duration_s), range];
  if (scenario.cut_start_s > 0) facts.push(`from ${clock(scenario.cut_start_s)} of the schedule`);
  const name = plain(scenario.name);
  const words = facts.join(', ');
  const isLong = name.length + words.length + 2 > width;
  return isLong ? [colours.bold(name), ...wrapped(words, width)] : [`${colours.bold(name)}  ${words}`];
}

function loadLine(report: Report, width: number): string[] {
  const { load } = report.scenario;
  if (load.length < 2) return [];
  const peak = load.reduce((best, point) => (point[1] > best[1] ? point : best));
  const lowest = Math.min(...load.map(([, rate]) => rate));
  if (lowest === peak[1]) return [`load  ${amount(lowest)} operations/s throughout`];
  const words = `${amount(lowest)} to ${amount(peak[1])} operations/s, peak at ${clock(peak[0])}`;
  const columns = Math.min(48, width - words.length - 8);
  const marks = faultMarks(report, columns);
  return [`load  ${sparkline(load, columns)}  ${words}`, ...(marks === '' ? [] : [`      ${marks}  something is wrong`])];
}

/** What each placement sustains at most, where that was asked. */
function saturation(report: Report, colours: Colours): string {
  const rows = saturationRows(report);
  if (rows.length === 0) return '';
  const isText = SATURATION_HEAD.map((_, i) => i === 0);
  return [colours.bold('Throughput at saturation'), grid({ head: SATURATION_HEAD, rows, isText, colours })].join('\n');
}

/** A mark under each column of the load during which a fault lasts; empty when there is none. */
function faultMarks(report: Report, columns: number): string {
  const faults = faultsInWindow(report);
  if (faults.length === 0 || columns < 1) return '';
  const width_s = report.scenario.duration_s / columns;
  return Array.from({ length: columns }, (_, i) => {
    const isIn = faults.some(({ at_s, for_s }) => at_s < (i + 1) * width_s && at_s + for_s >= i * width_s);
    return isIn ? '×' : ' ';
  }).join('');
}

/** Each fault in words. */
function faultsOf(report: Report, width: number): string[] {
  return faultLines(report).flatMap((line) => wrapped(`fault ${line}`, width, '', '      '));
}

/** What spot machines went through, for each placement that has some. */
function spotOf(rows: readonly Row[], width: number): string[] {
  return interruptionLines(rows).flatMap((line) => wrapped(`spot  ${line}`, width, '', '      '));
}

interface Column {
  head: string;
  cell: (row: Row) => string;
  /** Left out below this width. */
  from?: number;
  isText?: boolean;
}

const COLUMNS: readonly Column[] = [
  { head: 'strategy', cell: (row) => row.label, isText: true },
  { head: 'p50', cell: (row) => ms(row.p50), from: 100 },
  { head: 'p95', cell: (row) => ms(row.p95), from: 66 },
  { head: 'p99', cell: (row) => ms(row.p99) },
  { head: 'errors', cell: (row) => percent(row.error_rate) },
  { head: '$/million', cell: (row) => usd(row.strategy.bill.per_million_served_usd), from: 76 },
  { head: '$/month', cell: (row) => usd(row.strategy.bill.month_usd) },
  { head: 'checks', cell: (row) => `${row.checks.held}/${row.checks.of}`, from: 100 },
  { head: 'objectives', cell: (row) => `${row.objectives.met}/${row.objectives.of}`, from: 100 },
  { head: 'met', cell: metOf, from: 60 },
  { head: 'verdict', cell: (row) => `${MARKS[row.standing].mark} ${MARKS[row.standing].word}`, isText: true },
];

/** Objectives and binding checks in one figure, where there is no room for two. */
function metOf(row: Row): string {
  return `${row.checks.held + row.objectives.met}/${row.checks.of + row.objectives.of}`;
}

function comparison(rows: readonly Row[], width: number, colours: Colours): string {
  const columns = COLUMNS.filter((column) => width >= (column.from ?? 0) && !(column.cell === metOf && width >= 100));
  return grid({
    head: columns.map((column) => column.head),
    rows: rows.map((row) => {
      const last = columns.length - 1;
      return columns.map((column, i) => (i === last ? tinted(row.standing, colours)(column.cell(row)) : column.cell(row)));
    }),
    isText: columns.map((column) => column.isText === true),
    colours,
  });
}

function tinted(standing: Standing, colours: Colours): (text: string) => string {
  if (standing === 'fails') return colours.red;
  return standing === 'unknown' ? colours.yellow : colours.green;
}

/** Who wins at each rate that was played, and where that changes. */
function byLoad(report: Report, rows: readonly Row[], width: number, colours: Colours): string {
  if (report.by_load === undefined) return '';
  const head = ['rate', 'winner', '$/month', 'p95'];
  const table = grid({ head, rows: winnersByRate(report, rows), isText: [true, true, false, false], colours });
  const reasons = reasonsByLoad(report).flatMap((text) => wrapped(`- ${text}`, width, '  ', '    '));
  return [
    colours.bold('By load, each rate judged alone'),
    ...wrapped(plain(report.by_load.because), width),
    table,
    ...reasons,
  ].join('\n');
}

const REASONS = 4;

function failures(rows: readonly Row[], width: number, colours: Colours): string {
  const lines = othersOf(rows).flatMap((row) => {
    const reasons = reasonsOf(row);
    if (reasons.length === 0) return [];
    const told = reasons.slice(0, REASONS).map((reason) => `- ${reason}`);
    if (reasons.length > REASONS) told.push(`- and ${reasons.length - REASONS} more (see the page)`);
    const examples = examplesOf(row).map((example) => `  for example ${example}`);
    return [`  ${row.label}`, ...[...told, ...examples].flatMap((line) => wrapped(line, width, '    ', '      '))];
  });
  return lines.length === 0 ? '' : [colours.bold(othersTitle(rows)), ...lines].join('\n');
}

const CHANGES = 8;

/** What the verdict rests on, where that was studied: the changes that matter most. */
function sensitivity({ sensitivity: study }: Report, width: number, colours: Colours): string {
  if (study === undefined) return '';
  const { base } = study;
  const matter = variedOf(study).flatMap((one) => one.rows.filter((row) => row.matters));
  const isWide = width >= 100;
  const wide = (...cells: string[]) => (isWide ? cells : []);
  const table = grid({
    head: ['changed', ...wide('how'), '$/month', ...wide('p95'), 'p99', ...wide('misses'), 'chosen then'],
    rows: matter
      .slice(0, CHANGES)
      .map((row) => [
        shortened(`${isWide ? '' : row.direction === 'halved' ? '↓ ' : '↑ '}${plain(row.name)}`, isWide ? 36 : width - 38),
        ...wide(shortened(changeWords(row), 30)),
        moveWords(base.month_usd, row.figures?.month_usd ?? null) || '·',
        ...wide(moveWords(base.p95_ms, row.figures?.p95_ms ?? null) || '·'),
        moveWords(base.p99_ms, row.figures?.p99_ms ?? null) || '·',
        ...wide(String(newlyMissed(study, row).length || '·')),
        shortened(choiceWords(study, row) || '·', 16),
      ]),
    isText: isWide ? [true, true, false, false, false, false, true] : [true, false, false, true],
    colours,
  });
  const more = matter.length > CHANGES ? `\n(${counted(matter.length - CHANGES, 'more change')} on the page)` : '';
  const told = [colours.bold('What the verdict rests on'), ...wrapped(plain(study.because), width)].join('\n');
  return matter.length === 0 ? told : `${told}\n\n${table}${more}`;
}

/** p99 of every operation, a column per strategy; as many strategies as fit, the best first. */
function operations(report: Report, rows: readonly Row[], width: number, colours: Colours): string {
  const names = operationNames(report);
  if (names.length < 2 || report.live?.saturation !== undefined) return '';
  let room = width - Math.max(...[...names, 'operation p99'].map((name) => name.length));
  const shown = rows.filter((row) => {
    room -= Math.max(9, row.label.length) + 2;
    return room >= 0;
  });
  if (shown.length === 0) return '';
  const p99 = (row: Row, name: string) => row.strategy.operations.find((one) => one.name === name)?.latency_ms.p99 ?? null;
  const table = grid({
    head: ['operation p99', ...shown.map((row) => row.label)],
    rows: names.map((name) => [plain(name), ...shown.map((row) => ms(p99(row, name)))]),
    isText: [true, ...shown.map(() => false)],
    colours,
  });
  return shown.length < rows.length
    ? `${table}\n(${counted(rows.length - shown.length, 'more strategy', 'more strategies')} on the page)`
    : table;
}

function ending(report: Report, rows: readonly Row[], options: TerminalOptions): string {
  const lines: string[] = [];
  for (const line of liveLines(report)) lines.push(...wrapped(`live   ${line}`, options.width, '', '       '));
  if (options.page !== undefined) lines.push(`page   ${options.page}`);
  const speeds = rows.flatMap((row) => row.strategy.speed ?? []);
  if (report.live === undefined && speeds.length > 0) {
    const mean = (pick: (speed: (typeof speeds)[number]) => number) =>
      speeds.reduce((sum, one) => sum + pick(one), 0) / speeds.length;
    const { machine } = report;
    const took = machine === undefined ? '' : `; ${duration(machine.wall_s)} on ${counted(machine.threads, 'thread')}`;
    const requests = large(mean((one) => one.requests_per_s));
    const speed = `speed  ${requests} requests/s, ${large(mean((one) => one.events_per_s))} events/s a thread${took}`;
    lines.push(...wrapped(speed, options.width, '', '       '));
  }
  return lines.join('\n');
}
