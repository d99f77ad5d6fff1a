import type { CellResult, HistogramData } from '../domain/cell.ts';
import { Stream } from '../domain/draws.ts';
import type { ParityQuantile, ParityRow } from '../domain/parity.ts';
import { merged, quantileMs } from './histogram.ts';

/** Quantiles that are compared, and how far apart the worlds may be on a quiet machine. */
const AIMS = [
  { q: 0.5, aim: 0.05 },
  { q: 0.95, aim: 0.1 },
  { q: 0.99, aim: 0.15 },
] as const;
const RESAMPLES = 400;
const SHARE = 0.95;

/** What a block came to in one world: only what is compared, so that it can be kept. */
export type BlockResult = Pick<CellResult, 'operations' | 'lags'>;

/** One block in both worlds: same plan, same seed. */
export interface PairedBlock {
  live: BlockResult;
  virtual: BlockResult;
}

/** Latencies of one row, block by block. */
interface Paired {
  name: string;
  live: HistogramData[];
  virtual: HistogramData[];
}

/**
 * Operations and events of both worlds side by side.
 *
 * The interval comes from resampling blocks, both worlds together, since requests of one block share whatever the machine did meanwhile.
 */
export function parityRows(blocks: readonly PairedBlock[]): ParityRow[] {
  const [first] = blocks;
  if (first === undefined) return [];
  const operations = first.live.operations.map(({ name }, i) => paired(name, blocks, (r) => r.operations[i]?.latency));
  const lags = first.live.lags.map(({ event, component }, i) =>
    paired(`${event} -> ${component}`, blocks, (r) => r.lags[i]?.lag),
  );
  return [...operations, ...lags].map(rowOf);
}

/** Whether every quantile is within its aim; null when none is outside and some cannot be told. */
export function isWithin(rows: readonly ParityRow[]): boolean | null {
  const met = rows.flatMap((row) => row.quantiles.map((quantile) => quantile.met));
  if (met.includes(false)) return false;
  return met.length === 0 || met.includes(null) ? null : true;
}

function paired(name: string, blocks: readonly PairedBlock[], of: (r: BlockResult) => HistogramData | undefined): Paired {
  const histograms = (world: keyof PairedBlock) => blocks.flatMap((block) => of(block[world]) ?? []);
  return { name, live: histograms('live'), virtual: histograms('virtual') };
}

function rowOf(row: Paired): ParityRow {
  const live = merged(row.live);
  const virtual = merged(row.virtual);
  const drawn = resampled(row);
  const quantiles = AIMS.map(({ q, aim }): ParityQuantile => {
    const live_ms = quantileMs(live, q);
    const virtual_ms = quantileMs(virtual, q);
    const error = errorOf(live_ms, virtual_ms);
    const interval = error === null ? null : intervalOf(drawn, q);
    return { q, live_ms, virtual_ms, error, interval, aim, met: error === null ? null : Math.abs(error) <= aim };
  });
  return { name: row.name, samples: { live: live.count, virtual: virtual.count }, quantiles };
}

function errorOf(live_ms: number | null, virtual_ms: number | null): number | null {
  return live_ms === null || virtual_ms === null || live_ms === 0 ? null : virtual_ms / live_ms - 1;
}

/** The row again and again from blocks drawn with replacement; fixed seed. One block has nothing to be drawn from. */
function resampled({ name, live, virtual }: Paired): { live: HistogramData; virtual: HistogramData }[] {
  const n = live.length;
  if (n < 2) return [];
  const stream = new Stream(1, `parity ${name}`);
  return Array.from({ length: RESAMPLES }, () => {
    const drawn = Array.from({ length: n }, () => Math.floor(stream.next() * n));
    const of = (blocks: readonly HistogramData[]) => merged(drawn.map((i) => blocks[i] as HistogramData));
    return { live: of(live), virtual: of(virtual) };
  });
}

function intervalOf(drawn: readonly { live: HistogramData; virtual: HistogramData }[], q: number): [number, number] | null {
  const errors = drawn.flatMap((d) => errorOf(quantileMs(d.live, q), quantileMs(d.virtual, q)) ?? []).sort((a, b) => a - b);
  if (errors.length < RESAMPLES / 2) return null;
  const at = (share: number) => errors[Math.round(share * (errors.length - 1))] as number;
  return [at((1 - SHARE) / 2), at((1 + SHARE) / 2)];
}
