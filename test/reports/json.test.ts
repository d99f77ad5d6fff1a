import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { json } from '../../reports/json.ts';
import { reportSchema, SCHEMA_FILE } from '../../reports/schema.ts';
import { type Report, ReportSchema } from '../../simulator/domain/report.ts';
import { emptyReport, hostileReport, LARGE, reportOf } from './fixture.ts';

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe('the JSON report', () => {
  test('says the same as the report', () => {
    for (const report of [reportOf(LARGE), emptyReport(), hostileReport()]) expect(JSON.parse(json(report))).toEqual(report);
  });

  test('bytes do not depend on the order in which keys were set', () => {
    const report = reportOf();
    expect(json(reversed(report) as Report)).toBe(json(report));
  });

  test('stable leaves out machine, speed and every time of day, and nothing else', () => {
    const report = reportOf();
    const stable = JSON.parse(json(report, { stable: true }));
    expect(json(report, { stable: true })).not.toContain('2026-11-24T');
    const { machine: _, ...rest } = report;
    expect(stable).toEqual({ ...rest, strategies: rest.strategies.map(({ speed: __, ...strategy }) => strategy) });
    expect(ReportSchema.safeParse(stable).success).toBe(true);
  });

  test('a number that is not one is refused, not written as null', () => {
    const report = reportOf();
    (report.strategies[0] as Report['strategies'][number]).violation_minutes = Number.NaN;
    expect(() => json(report)).toThrow(/violation_minutes/);
  });

  test('a histogram stands on one line', () => {
    const lines = json(reportOf())
      .split('\n')
      .filter((line) => line.includes('"buckets"'));
    expect(lines).toHaveLength(12);
  });
});

describe('the published schema', () => {
  test('is what the code checks reports with: node --import tsx reports/write-schema.ts', () => {
    expect(readFileSync(new URL(`../../${SCHEMA_FILE}`, import.meta.url), 'utf8')).toBe(reportSchema());
  });

  test('names every key that the issue promises, and lets later minor versions add some', () => {
    const schema = JSON.parse(reportSchema());
    expect(schema.required).toEqual(
      expect.arrayContaining([
        'schema',
        'version',
        'scenario',
        'world',
        'seeds',
        'strategies',
        'comparisons',
        'verdict',
        'parameters',
      ]),
    );
    expect(schema.properties.schema.const).toBe('report@1');
    expect(reportSchema()).not.toContain('additionalProperties');
  });
});
