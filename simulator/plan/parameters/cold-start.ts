import type { Parameter } from '../../domain/sourced.ts';
import { cite } from './cite.ts';

type Runtime = 'nodejs22' | 'python3.13' | 'java21' | 'go';
type Architecture = 'arm64' | 'x86_64';

const PERF = cite('github maxday/lambda-perf, Init Duration of a hello world as zip at 512 MB, 60 daily runs', '2026-08-22');

/** One row of the measurement: n, p50, p90, p99, max, mean and standard deviation of ln(ms). */
type Row = readonly [n: number, p50: number, p90: number, p99: number, max: number, lnMean: number, lnDeviation: number];

const ROWS: Record<Architecture, Record<Runtime, Row>> = {
  arm64: {
    nodejs22: [588, 129.62, 139.28, 167.47, 214.56, 4.819, 0.13],
    'python3.13': [600, 80.4, 94.2, 123.42, 201.49, 4.379, 0.158],
    java21: [581, 247.96, 268.89, 589.18, 657.69, 5.463, 0.199],
    go: [594, 43.04, 44.7, 53.98, 129.59, 3.726, 0.11],
  },
  x86_64: {
    nodejs22: [576, 142.25, 165.3, 203.31, 308.5, 4.967, 0.122],
    'python3.13': [588, 86.58, 109.15, 207.26, 238.43, 4.502, 0.173],
    java21: [582, 240.91, 287.07, 651.66, 740.1, 5.524, 0.186],
    go: [581, 50.14, 54.27, 66.98, 77.84, 3.921, 0.077],
  },
};

/**
 * Start of a new function instance before its first call, without its package's own weight.
 *
 * Memory does not change it (128-1,024 MB, same source). The lowest 5 % follow the log-normal fitted to the row.
 */
export function initOf(runtime: string, architecture: string): Parameter {
  const row = ROWS[architecture === 'x86_64' ? 'x86_64' : 'arm64'][isRuntime(runtime) ? runtime : 'nodejs22'];
  const [n, p50, p90, p99, max, lnMean, lnDeviation] = row;
  const low = Math.min(p50, Math.exp(lnMean - 1.645 * lnDeviation));
  const points: [number, number][] = [
    [0.05, Math.round(low * 100) / 100],
    [0.5, p50],
    [0.9, p90],
    [0.99, p99],
    [1 - 1 / n, max],
  ];
  return PERF.measured({ kind: 'quantiles', points }, 'ms', `${runtime} on ${architecture}, n = ${n}`);
}

/** First handler run of a new instance, ms, by memory: loading and compiling on a share of a CPU. */
const FIRST_CALL: Record<Runtime, readonly [memory: number, ms: number][]> = {
  nodejs22: [
    [128, 13.61],
    [256, 3.77],
    [512, 3.71],
    [1024, 3.69],
  ],
  'python3.13': [
    [128, 2.32],
    [256, 2.23],
    [512, 2.18],
    [1024, 2.18],
  ],
  java21: [
    [128, 101.1],
    [256, 37.06],
    [512, 26.19],
    [1024, 6.54],
  ],
  go: [
    [128, 1.61],
    [256, 1.61],
    [512, 1.48],
    [1024, 1.49],
  ],
};

/** Extra work of a new instance's first call, from the largest measured memory that is not above the function's. */
export function firstCallOf(runtime: string, memory_mb: number): Parameter {
  const rows = FIRST_CALL[isRuntime(runtime) ? runtime : 'nodejs22'];
  const [memory, ms] = rows.findLast((row) => row[0] <= memory_mb) ?? (rows[0] as (typeof rows)[number]);
  return PERF.measured(ms, 'ms', `median first invocation of a hello world, ${runtime} on arm64 at ${memory} MB`);
}

function isRuntime(name: string): name is Runtime {
  return Object.hasOwn(FIRST_CALL, name);
}
