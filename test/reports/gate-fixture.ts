import type { GateMeasure, GateReport } from '../../simulator/domain/gate.ts';

const measure = (given: Partial<GateMeasure>): GateMeasure => ({
  row: 'hybrid',
  measure: 'read p95',
  before: 100,
  now: 100,
  difference: 0,
  ci95: [0, 0],
  tolerance: 1,
  standing: 'same',
  ...given,
});

/** A gate that found one of everything, with names that no format must take for its own marks. */
export function foundReport(changed: Partial<GateReport> = {}): GateReport {
  return {
    schema: 'gate@1',
    scenario: 'shop <&> "sale"',
    world: 'virtual',
    version: '1.2.3',
    against: { kind: 'baseline', name: 'baselines/shop.json', version: '1.2.0' },
    outcome: 'failed',
    because: ['hybrid: read p95 is worse (+20.0 %)'],
    changes: [{ of: 'scenario', path: 'application.components.page.cpu_ms', a: 8, b: 12 }],
    rows: { both: ['hybrid', 'a]]>b'], only_before: [], only_now: ['all-servers'] },
    measures: [
      measure({ now: 120, difference: 20, ci95: [15, 25], standing: 'worse' }),
      measure({ measure: 'throughput', before: 40, now: 44, difference: 4, ci95: [3, 5], standing: 'better' }),
      measure({ measure: 'read p99', now: 110, difference: 10, ci95: [-5, 25], standing: 'unclear' }),
      measure({ measure: 'sign p99', now: 90, difference: -10, ci95: [-25, 5], standing: 'unclear' }),
      measure({ measure: 'sign p95', before: null, now: null, difference: null, ci95: null, standing: 'unknown' }),
      measure({ row: 'a]]>b', measure: 'cost_per_million' }),
    ],
    checks: [
      {
        row: 'hybrid',
        check: 'lost',
        before: 0,
        now: 2,
        holds: false,
        standing: 'worse',
        examples: ['entry 7\u0001 \ud800 <lost>'],
      },
      { row: 'hybrid', check: 'twice', before: 0, now: 0, holds: true, standing: 'same', examples: [] },
    ],
    lines: [
      {
        row: 'hybrid',
        text: 'p99 <= baseline * 1.05',
        of: 'command line',
        met: false,
        before: null,
        value: 110,
        limit: 105,
        unit: 'ms',
        standing: 'worse',
      },
      {
        row: 'hybrid',
        text: 'lost == 0',
        of: 'scenario',
        met: null,
        before: true,
        value: null,
        limit: null,
        unit: '',
        standing: 'unknown',
      },
    ],
    notes: [],
    ...changed,
  };
}
