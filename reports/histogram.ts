import type { HistogramData } from '../simulator/domain/cell.ts';

/** Values from `low` up to `low + width`, in microseconds, that bucket `i` of a sparse histogram holds. */
export function bucketOf(i: number): { low: number; width: number } {
  if (i < 256) return { low: i, width: 1 };
  const shift = Math.floor(i / 128) - 1;
  return { low: (128 + (i % 128)) * 2 ** shift, width: 2 ** shift };
}

/** All samples of several histograms in one. */
export function mergedHistogram(parts: readonly HistogramData[]): HistogramData {
  const counts = new Map<number, number>();
  const all: HistogramData = { count: 0, sum_us: 0, max_us: 0, buckets: [] };
  for (const part of parts) {
    all.count += part.count;
    all.sum_us += part.sum_us;
    all.max_us = Math.max(all.max_us, part.max_us);
    for (const [i, n] of part.buckets) counts.set(i, (counts.get(i) ?? 0) + n);
  }
  all.buckets = [...counts].sort((a, b) => a[0] - b[0]);
  return all;
}

/** The latency that a share `q` of samples did not exceed, in milliseconds; null below 10 / (1 - q) samples. */
export function quantileOf(histogram: HistogramData, q: number): number | null {
  if (histogram.count === 0 || histogram.count < 10 / (1 - q)) return null;
  const rank = Math.max(1, Math.ceil(q * histogram.count - 1e-12 * histogram.count));
  let seen = 0;
  for (const [i, n] of histogram.buckets) {
    seen += n;
    if (seen < rank) continue;
    const { low, width } = bucketOf(i);
    return Math.min(low + (width - 1) / 2, histogram.max_us) / 1000;
  }
  return null;
}

/** One point of a curve: this share of `of` operations had their answer within `ms`. */
export interface CurvePoint {
  ms: number;
  share: number;
}

/**
 * Share answered within x, over x, of all `of` operations sent: what was never answered keeps the curve below 1.
 *
 * It stops where fewer than ten samples lie beyond, as a quantile would be null there. At most about `most` points,
 * evenly spread over log(1 - share), so that the tail keeps its shape.
 */
export function curveOf(histogram: HistogramData, of: number, most = 96): CurvePoint[] {
  const points: CurvePoint[] = [];
  const end = Math.min(of - 10, histogram.count);
  const step = tail(end / of) / most;
  let seen = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const [i, n] of histogram.buckets) {
    if (seen + n > end && points.length > 0) break;
    const { low, width } = bucketOf(i);
    if (points.length === 0) points.push({ ms: Math.max(low, 1) / 1000, share: 0 });
    seen += n;
    const share = Math.min(seen, of) / of;
    if (tail(share) - last < step && seen < end) continue;
    last = tail(share);
    points.push({ ms: Math.min(low + width, histogram.max_us) / 1000, share });
  }
  return points;
}

/** Nines as a distance: 0 at none, 1 at 90 %, 2 at 99 %; held at 5 so that 1 stays on the page. */
export function tail(share: number): number {
  return share >= 1 - 1e-5 ? 5 : -Math.log10(1 - share);
}
