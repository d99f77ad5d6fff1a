import { type GateCheck, type GateLine, type GateMeasure, type GateReport, mayBeWorse } from '../../simulator/domain/gate.ts';
import { counted, plain } from '../text.ts';
import { againstWords, checkWords, lineWords, nameOf, sentenceOf, whyTexts } from './words.ts';

interface Case {
  row: string;
  name: string;
  /** How the case did not pass, if it did not. */
  end?: { kind: 'failure' | 'error' | 'skipped'; type: string; message: string };
}

/**
 * What a gate found as JUnit XML: a suite a row, a case a measure, check and line.
 *
 * Written for what reads it: the report of GitLab, Jenkins (its schema names the elements, the attributes and their order), and the actions
 * that show JUnit on GitHub. What is worse is a failure, what is too noisy to tell an error, what has too few samples is skipped.
 */
export function gateJunit(report: GateReport, o: { seconds: number }): string {
  const cases = [...report.measures.map(measureCase), ...report.checks.map(checkCase), ...report.lines.map(lineCase)];
  const rows = [...new Set(cases.map((one) => one.row))];
  const suites = rows.map((row) =>
    suite(
      report,
      cases.filter((one) => one.row === row),
      row,
    ),
  );
  const counts = `tests="${cases.length}" failures="${ending(cases, 'failure')}" errors="${ending(cases, 'error')}"`;
  const head = `<testsuites name="${escaped(`gate ${report.scenario}`)}" time="${o.seconds.toFixed(3)}" ${counts}>`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n');
}

function suite(report: GateReport, cases: readonly Case[], row: string): string {
  const counts = `tests="${cases.length}" failures="${ending(cases, 'failure')}" errors="${ending(cases, 'error')}" skipped="${ending(cases, 'skipped')}"`;
  return [
    `<testsuite name="${escaped(`${report.scenario} ${row}`)}" ${counts}>`,
    ...cases.map((one) => caseOf(report, one)),
    `<system-out>${escaped(aboutOf(report))}</system-out>`,
    '</testsuite>',
  ].join('\n');
}

/** What no single case can say: against what, and what went in differently. */
function aboutOf(report: GateReport): string {
  const why = whyTexts(report);
  const more = why.length > 50 ? [`and ${counted(why.length - 50, 'more change')}`] : [];
  return [`against ${againstWords(report)}`, ...report.notes, ...why.slice(0, 50), ...more].join('\n');
}

function caseOf(report: GateReport, { row, name, end }: Case): string {
  const head = `<testcase name="${escaped(name)}" classname="${escaped(`${report.scenario}.${row}`)}"`;
  if (end === undefined) return `${head}/>`;
  const { kind, type, message } = end;
  return `${head}><${kind} type="${type}" message="${escaped(message)}">${escaped(message)}</${kind}></testcase>`;
}

function measureCase(one: GateMeasure): Case {
  const name = nameOf(one).slice(one.row.length + 2);
  const message = sentenceOf(one);
  if (one.standing === 'worse') return { row: one.row, name, end: { kind: 'failure', type: 'regression', message } };
  if (one.standing === 'unclear' && mayBeWorse(one))
    return { row: one.row, name, end: { kind: 'error', type: 'too-noisy', message } };
  if (one.standing === 'unknown') return { row: one.row, name, end: { kind: 'skipped', type: 'too-few-samples', message } };
  return { row: one.row, name };
}

function checkCase(one: GateCheck): Case {
  const name = `check ${one.check}`;
  if (one.standing !== 'worse') return { row: one.row, name };
  const message = [checkWords(one), ...one.examples].join('\n');
  return { row: one.row, name, end: { kind: 'failure', type: 'check', message } };
}

function lineCase(one: GateLine): Case {
  if (one.standing === 'worse')
    return { row: one.row, name: one.text, end: { kind: 'failure', type: 'objective', message: lineWords(one) } };
  if (one.standing !== 'unknown') return { row: one.row, name: one.text };
  return { row: one.row, name: one.text, end: { kind: 'error', type: 'too-few-samples', message: lineWords(one) } };
}

function ending(cases: readonly Case[], kind: string): number {
  return cases.filter((one) => one.end?.kind === kind).length;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text line by line; what XML has no way to write is shown as an escape, half a pair of characters as the sign for that. */
function escaped(text: string): string {
  const lines = new TextDecoder()
    .decode(new TextEncoder().encode(text))
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .split('\n')
    .map(plain);
  return lines.join('\n').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
