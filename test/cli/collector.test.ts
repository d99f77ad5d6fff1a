import { afterEach, describe, expect, it, vi } from 'vitest';
import { offerCollector, toCollector, tracesWanted } from '../../simulator/cli/collector.ts';
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

describe('the collector of a stack', () => {
  const LIVE = { world: 'live', set: [], fault: [] };

  it('gets the traces, a sample too, where nobody names another', () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', '');
    const said: string[] = [];
    offerCollector(undefined, (text) => said.push(text));
    expect([tracesWanted(LIVE), said]).toEqual(['picked', []]);
    offerCollector('http://127.0.0.1:4318', (text) => said.push(text));
    expect(process.env.OTEL_EXPORTER_OTLP_ENDPOINT).toBe('http://127.0.0.1:4318');
    expect([tracesWanted(LIVE), said.length]).toEqual(['sampled', 1]);
  });

  it('gets nothing where the user names one', () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9');
    offerCollector('http://127.0.0.1:4318', () => expect.unreachable());
    expect(process.env.OTEL_EXPORTER_OTLP_ENDPOINT).toBe('http://127.0.0.1:9');
  });
});
