import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Canvas, openCanvas } from '../../reports/charts/canvas.ts';
import { latencyCurves } from '../../reports/charts/latency-curves.ts';
import { poolChart } from '../../reports/charts/pool-chart.ts';
import type { PoolReport } from '../../simulator/domain/report.ts';

let canvas: Canvas;

beforeAll(async () => {
  canvas = await openCanvas();
});

/** Largest x of the one curve that is drawn in the first strategy's colour. */
function endOf(served: number): number {
  const points = [
    { ms: 10, share: 0 },
    { ms: 50, share: 0.5 },
    { ms: 90, share: 0.9 },
  ];
  const curves = [{ index: 0, isChosen: false, served, points }];
  const svg = latencyCurves(canvas, { width: 330, label: 'label', domain: [5, 1000], curves, limits: [] });
  const { document } = parseHTML(svg);
  const path = document.querySelector('[stroke="var(--s0)"] path') ?? document.querySelector('path[stroke="var(--s0)"]');
  const numbers: number[] = (String(path?.getAttribute('d') ?? '').match(/[\d.]+/g) ?? []).map(Number);
  return Math.max(...numbers.filter((_, i) => i % 2 === 0));
}

describe('charts', () => {
  test('a curve whose rest was never answered goes on level to the edge, into the corners that it misses', () => {
    expect(endOf(0.92)).toBeCloseTo(330 - 18, 0);
    expect(endOf(1)).toBeLessThan(250);
  });

  test('a pool that never changes is drawn with as few points as say so, however many samples it has', () => {
    const sample = { wanted: 2, ready: 2, starting: 0, busy: 1, queued: 0, demand: 2 };
    const flat = (n: number): PoolReport => ({
      name: 'p',
      kind: 'server',
      controller: 'static',
      timeline: Array.from({ length: n }, (_, i) => ({ at_s: (i * 1800) / n, ...sample })),
      elasticity: {
        accuracy_under: 0,
        accuracy_over: 0,
        timeshare_under: 0,
        timeshare_over: 0,
        jitter_per_min: 0,
        instance_hours: 1,
      },
      cold_starts: 0,
      calls: 0,
    });
    const sizeOf = (n: number) => poolChart(canvas, flat(n), { width: 320, label: 'label', duration_s: 1800, faults: [] }).length;
    expect(sizeOf(160)).toBeLessThan(sizeOf(4) + 60);
  });
});
