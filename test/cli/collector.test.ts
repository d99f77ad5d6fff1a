import { afterEach, describe, expect, it, vi } from 'vitest';
import { toCollector, tracesWanted } from '../../simulator/cli/collector.ts';
import { reportOf } from '../reports/fixture.ts';
import { traceFixture } from '../reports/fixture-trace.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function liveReport() {
  const report = { ...reportOf(), world: 'live' as const };
  for (const row of report.strategies) row.traces = [traceFixture(), { ...traceFixture(), picks: ['sampled'] }];
  return report;
}

describe('a collector that cannot be reached', () => {
  it('is told once, and the report keeps what the page shows', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9');
    vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '300');
    const warned = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const report = liveReport();
    await toCollector(report, () => undefined);
    expect(warned.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringMatching(/did not reach the collector at http:\/\/127\.0\.0\.1:9: .*check OTEL_EXPORTER_OTLP_ENDPOINT/),
    ]);
    expect(new Set(report.strategies.flatMap((row) => row.traces?.map(({ picks }) => picks.join())))).not.toContain('sampled');
  });

  it('is not looked for where none is named', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', '');
    const report = liveReport();
    await toCollector(report, () => undefined);
    expect(report.strategies[0]?.traces).toHaveLength(2);
    expect(tracesWanted({ world: 'live', set: [], fault: [] })).toBe('picked');
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9');
    expect(tracesWanted({ world: 'live', set: [], fault: [] })).toBe('sampled');
    expect(tracesWanted({ world: 'virtual', set: [], fault: [] })).toBe('picked');
  });
});
