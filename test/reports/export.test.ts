import { describe, expect, test } from 'vitest';
import { exported, headOf, lineOf, TABLES } from '../../reports/export.ts';
import { emptyReport, HOSTILE, hostileReport, reportOf } from './fixture.ts';

/** Reads CSV as RFC 4180 says, so that a quote, a comma or a line break in a name is seen to come back. */
function fieldsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < csv.length; i++) {
    const letter = csv.charAt(i);
    if (isQuoted && letter === '"' && csv.charAt(i + 1) === '"') field += csv.charAt(i++);
    else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (letter === ',' || letter === '\n')) {
      rows.at(-1)?.push(field);
      field = '';
      if (letter === '\n') rows.push([]);
    } else field += letter;
  }
  return rows.slice(0, -1);
}

const objects = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an exported table', () => {
  test('holds every slice of operations, every sample of pools and every slice of lags', () => {
    const report = reportOf();
    const kinds = { operations: 0, pool: 0, lag: 0 };
    for (const line of objects(exported(report, 'timelines', 'ndjson'))) kinds[line.kind as keyof typeof kinds]++;
    const sum = (of: (strategy: (typeof report.strategies)[number]) => number) =>
      report.strategies.reduce((n, one) => n + of(one), 0);
    expect(kinds).toEqual({
      operations: sum((one) => one.timeline.length),
      pool: sum((one) => one.pools.reduce((n, pool) => n + pool.timeline.length, 0)),
      lag: sum((one) => one.lags.reduce((n, lag) => n + lag.timeline.length, 0)),
    });
  });

  test('says the same in CSV and in NDJSON, columns in their order', () => {
    for (const name of ['timelines', 'latency'] as const) {
      const [head, ...rows] = fieldsOf(exported(reportOf(), name, 'csv'));
      expect(head).toEqual(Object.keys(TABLES[name].columns));
      const lines = objects(exported(reportOf(), name, 'ndjson'));
      const written = lines.map((line) => (head ?? []).map((column) => String(line[column] ?? '')));
      expect(rows).toEqual(written);
    }
  });

  test('counts as many latencies as operations were served, each bucket from where the last ended or higher', () => {
    const report = reportOf();
    const lines = objects(exported(report, 'latency', 'ndjson'));
    const served = report.strategies
      .flatMap((one) => one.operations)
      .reduce((sum, one) => sum + one.latency_ms.histogram.count, 0);
    expect(lines.reduce((sum, line) => sum + Number(line.count), 0)).toBe(served);
    for (const line of lines) expect(Number(line.below_ms)).toBeGreaterThan(Number(line.from_ms));
  });

  test('leaves out what means nothing for a line, and what nobody knows is null, or nothing in CSV', () => {
    const [slice] = objects(exported(reportOf(), 'timelines', 'ndjson'));
    expect(slice).toMatchObject({ kind: 'operations', p95_ms: null });
    expect(slice).not.toHaveProperty('wanted');
    expect(fieldsOf(exported(reportOf(), 'timelines', 'csv'))[1]?.[10]).toBe('');
  });

  test('keeps any name as it is, in one field', () => {
    const [, first] = fieldsOf(exported(hostileReport(), 'latency', 'csv'));
    expect(first).toHaveLength(7);
    expect(first?.[3]).toContain(HOSTILE);
    expect(lineOf({ kind: 'a "b",\nc' }, { name: 'ledger', format: 'csv' })).toBe(',,,,,"a ""b"",\nc",,,,,\n');
  });

  test('of nothing is a head and no line', () => {
    expect(exported(emptyReport(), 'latency', 'csv')).toBe(headOf('latency', 'csv'));
    expect(exported(emptyReport(), 'latency', 'ndjson')).toBe('');
  });
});
