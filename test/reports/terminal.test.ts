import { describe, expect, test } from 'vitest';
import { terminal } from '../../reports/terminal.ts';
import { emptyReport, hostileReport, LARGE, reportOf } from './fixture.ts';
import { expectGolden } from './golden.ts';

const report = reportOf();
const page = 'reports/runs/social-peak/report.html';
const ANSI = String.fromCharCode(27);

describe('the terminal report', () => {
  test('reads as its golden at 80 and at 120 columns', () => {
    expectGolden('terminal-80.txt', terminal(report, { colour: false, width: 80, page }));
    expectGolden('terminal-120.txt', terminal(report, { colour: false, width: 120, page }));
  });

  test('begins with the verdict', () => {
    expect(terminal(report, { colour: false, width: 80 }).split('\n')[0]).toBe('Choose hybrid-burst.');
    expect(terminal(emptyReport(), { colour: false, width: 80 }).split('\n')[0]).toBe('No strategy meets everything.');
  });

  test.each([80, 100, 120])('no line is longer than %i columns, however many strategies there are', (width) => {
    const lines = terminal(reportOf(LARGE), { colour: false, width, page }).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  test.each([60, 80])('short operations under long headings, and a long name, fit %i columns too', (width) => {
    const short = reportOf();
    short.scenario.name = 'a-very-long-name-that-goes-on-and-on-until-forty';
    for (const strategy of short.strategies) for (const [i, one] of strategy.operations.entries()) one.name = `o${i}`;
    short.strategies = [1, 2].flatMap((rate) => short.strategies.map((strategy) => ({ ...strategy, rate })));
    const lines = terminal(short, { colour: false, width }).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  test('a load that never changes has no peak', () => {
    const steady = reportOf();
    steady.scenario.load = [
      [0, 40],
      [120, 40],
    ];
    expect(terminal(steady, { colour: false, width: 80 })).toContain('load  40 operations/s throughout');
  });

  test('without colour there is not one escape, and with colour the words are the same', () => {
    const bare = terminal(report, { colour: false, width: 100 });
    const coloured = terminal(report, { colour: true, width: 100 });
    expect(bare).not.toContain(ANSI);
    expect(coloured).toContain(ANSI);
    expect(coloured.replace(new RegExp(`${ANSI}\\[\\d+m`, 'g'), '')).toBe(bare);
  });

  test('a name cannot command the terminal', () => {
    const text = terminal(hostileReport(), { colour: false, width: 120 });
    expect(text).not.toContain(ANSI);
    expect(text).not.toContain('\u202e');
    expect(text).toContain('\\u001b[31m');
  });

  test('every strategy that was not chosen says why, a lost message with its story', () => {
    const text = terminal(report, { colour: false, width: 120 });
    expect(text).toContain('meets everything, but costs $200 more a month (+48.5 %)');
    expect(text).toContain('error_rate: 3.1 % > 1 %');
    expect(text).toContain('received 3 times by moderation');
  });

  test('the place of the page and the speed come last', () => {
    const lines = terminal(report, { colour: false, width: 120, page }).trimEnd().split('\n');
    expect(lines.at(-2)).toBe(`page   ${page}`);
    expect(lines.at(-1)).toBe('speed  412 k requests/s, 3.46 M events/s a thread; 9.40 s on 2 threads');
  });

  test('nothing served is dashes, not zeros', () => {
    const row = terminal(emptyReport(), { colour: false, width: 120 })
      .split('\n')
      .find((line) => line.startsWith('hybrid-burst  '));
    expect(row).toMatch(/^hybrid-burst +– +– +– +– +– +\$0 +0\/0 +0\/1 +\? too few samples$/);
  });
});
