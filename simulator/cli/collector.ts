import type { Report } from '../domain/report.ts';
import type { ScenarioWords } from './scenario-options.ts';

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;

/** Which requests a run follows when nothing is said: a live run whose spans go to a collector too follows a sample besides. */
export function tracesWanted(words: ScenarioWords): 'picked' | 'sampled' {
  return words.traces ?? (words.world === 'live' && endpoint() !== undefined ? 'sampled' : 'picked');
}

/** Lets the traces of a run go to the collector of its own stack, unless the user names one. */
export function offerCollector(url: string | undefined, say: (text: string) => void): void {
  if (url === undefined || endpoint() !== undefined) return;
  process.env[ENDPOINTS[0]] = url;
  say(`the collector of the stack gets the traces of this run: ${url}`);
}

/**
 * Sends the traces of a live run to the user's collector, if one is named, and leaves in the report what the page shows.
 *
 * A collector that cannot be reached is told once; the run has been measured and its report is whole.
 */
export async function toCollector(report: Report, say: (text: string) => void): Promise<void> {
  const url = endpoint();
  if (url === undefined || report.world !== 'live') return;
  const { sendTraces } = await import('../../reports/collector.ts');
  try {
    say(`sent ${await sendTraces(report)} spans to ${url}`);
  } catch (error) {
    console.error(
      `the traces of this run did not reach the collector at ${url}: ${(error as Error).message}. The report has the slowest and a median ` +
        'one of each operation all the same; please check OTEL_EXPORTER_OTLP_ENDPOINT',
    );
  }
  for (const row of report.strategies) {
    if (row.traces) row.traces = row.traces.filter(({ picks }) => !picks.includes('sampled'));
  }
}

function endpoint(): string | undefined {
  return ENDPOINTS.map((name) => process.env[name]).find((url) => url !== undefined && url !== '');
}
