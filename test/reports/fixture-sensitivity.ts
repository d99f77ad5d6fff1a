import type { Report } from '../../simulator/domain/report.ts';
import type { Sensitivity, SensitivityRow } from '../../simulator/domain/sensitivity.ts';
import { reportOf } from './fixture.ts';

const BASE = { month_usd: 412, p95_ms: 180, p99_ms: 240, missed: [] };
const LAW = { kind: 'lognormal' as const, p50: 12, p99: 60 };

type Change = Pick<SensitivityRow, 'direction' | 'to'> & Partial<SensitivityRow>;

function changes(name: string, its: Pick<SensitivityRow, 'what' | 'unit' | 'from'>, rows: readonly Change[]): SensitivityRow[] {
  return rows.map((row) => ({
    name,
    paths: [name],
    cut: false,
    figures: BASE,
    chosen: 'hybrid-burst',
    matters: false,
    ...its,
    ...row,
  }));
}

/** The study of the usual report: one demand that overturns the choice, a cut, a switch, a strategy that cannot be placed, an idle one. */
function study(): Sensitivity {
  const missed = ['p95 of view-feed: 431 ms > 400 ms'];
  return {
    seeds: [1],
    strategy: 'hybrid-burst',
    chosen: 'hybrid-burst',
    because: "Overturned if recommend's gpu_ms doubles: then all-functions. 1 of the 5 do not matter.",
    base: BASE,
    rows: [
      ...changes('recommend gpu_ms', { what: 'demand', unit: 'ms', from: 5 }, [
        {
          direction: 'doubled',
          to: 10,
          figures: { month_usd: 470, p95_ms: 431, p99_ms: 520, missed },
          chosen: 'all-functions',
          matters: true,
        },
        { direction: 'halved', to: 2.5, figures: { ...BASE, month_usd: 391 }, matters: true },
      ]),
      ...changes('gateway.client_ms', { what: 'assumption', unit: 'ms', from: LAW }, [
        {
          direction: 'doubled',
          to: { ...LAW, p50: 24, p99: 120 },
          figures: { ...BASE, p95_ms: null, p99_ms: 300 },
          matters: true,
        },
        {
          direction: 'halved',
          to: { ...LAW, p50: 8, p99: 40 },
          cut: true,
          figures: { ...BASE, p95_ms: 150, p99_ms: 200 },
          matters: true,
        },
      ]),
      ...changes('gpu.fills_while_waiting', { what: 'assumption', unit: '0 or 1', from: 1 }, [
        { direction: 'switched', to: 0, figures: { ...BASE, month_usd: 430 }, matters: true },
      ]),
      ...changes('feed cpu_ms', { what: 'demand', unit: 'ms', from: 40 }, [
        { direction: 'doubled', to: 80, figures: null, chosen: null, matters: true },
      ]),
      ...changes('s3.retries', { what: 'assumption', unit: 'retry', from: 3 }, [{ direction: 'doubled', to: 6 }]),
    ],
  };
}

/** The usual report with a study of what its verdict rests on. */
export function studiedReport(): Report {
  return { ...reportOf(), sensitivity: study() };
}

/** The same where one varied number has a name that no scenario should have. */
export function poisonedStudy(name: string): Report {
  const report = studiedReport();
  for (const row of report.sensitivity?.rows ?? []) row.name = `${row.name}${name}`;
  return report;
}
