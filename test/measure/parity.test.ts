import { describe, expect, it } from 'vitest';
import type { CellResult, HistogramData } from '../../simulator/domain/cell.ts';
import { Histogram } from '../../simulator/measure/histogram.ts';
import { isWithin, type PairedBlock, parityRows } from '../../simulator/measure/parity.ts';

const SLICES = { sent: [], served: [], failed: [], p50_ms: [], p95_ms: [] };

function histogram(values_us: readonly number[]): HistogramData {
  const h = new Histogram();
  for (const us of values_us) h.record(Math.round(us));
  return h.data();
}

function operation(latency: HistogramData): CellResult['operations'][number] {
  const none = { refused: 0, timed_out: 0, failed: 0, pending: 0 };
  const { count } = latency;
  return { name: 'read', sent: count, attempts: count, served: count, ...none, latency, slices: SLICES, violations: [] };
}

/** Blocks of `n` samples from 10 ms up to 20 ms, the virtual ones `factor` times as long. */
function blocks(count: number, n: number, factor: number): PairedBlock[] {
  return Array.from({ length: count }, (_, b) => {
    const live = Array.from({ length: n }, (_, i) => 10_000 + (10_000 * i) / n + 100 * b);
    const world = (values: readonly number[]) => ({ operations: [operation(histogram(values))], lags: [] });
    return { live: world(live), virtual: world(live.map((us) => us * factor)) };
  });
}

describe('parity', () => {
  it('is the error of each quantile, with an interval that holds it', () => {
    const [row] = parityRows(blocks(6, 500, 1.03));
    expect(row).toMatchObject({ name: 'read', samples: { live: 3000, virtual: 3000 } });
    for (const { error, interval, met } of row?.quantiles ?? []) {
      expect(error).toBeGreaterThan(0.02);
      expect(error).toBeLessThan(0.04);
      expect(interval?.[0]).toBeLessThanOrEqual(error as number);
      expect(interval?.[1]).toBeGreaterThanOrEqual(error as number);
      expect(met).toBe(true);
    }
    expect(isWithin(parityRows(blocks(6, 500, 1.03)))).toBe(true);
  });

  it('holds p50 to 5 %, p95 to 10 %, p99 to 15 %', () => {
    const met = (factor: number) => parityRows(blocks(6, 500, factor))[0]?.quantiles.map((q) => q.met);
    expect(met(1.08)).toEqual([false, true, true]);
    expect(met(0.88)).toEqual([false, false, true]);
    expect(met(1.2)).toEqual([false, false, false]);
    expect(isWithin(parityRows(blocks(6, 500, 1.08)))).toBe(false);
  });

  it('cannot tell what has too few samples, and has no interval for one block', () => {
    const rows = parityRows(blocks(1, 300, 1));
    expect(rows[0]?.quantiles.map((q) => [q.q, q.error, q.interval, q.met])).toEqual([
      [0.5, 0, null, true],
      [0.95, 0, null, true],
      [0.99, null, null, null],
    ]);
    expect(isWithin(rows)).toBeNull();
    expect(isWithin([])).toBeNull();
  });
});
