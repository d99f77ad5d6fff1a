import { Stream } from '../domain/draws.ts';
import { sumOf } from './fluid.ts';

const RESAMPLES = 1000;
const SHARE = 0.9;

/**
 * Where the ratio of two policies' costs lies in 90 of 100 resamples of the trace, drawn in blocks that wrap round, the same for both.
 *
 * Blocks are as long as the square root of the number of steps, so that a burst stays whole and there are as many blocks as steps in one.
 * Source: Politis and Romano, circular block bootstrap, 1992; percentile interval, fixed seed.
 */
export function ratioInterval(costs: Float64Array, reference: Float64Array, name: string): [number, number] {
  const n = costs.length;
  const length = Math.max(1, Math.round(Math.sqrt(n)));
  const blocks = Math.ceil(n / length);
  const stream = new Stream(1, `bootstrap ${name}`);
  const a = blockSums(costs, length);
  const b = blockSums(reference, length);
  const ratios = new Float64Array(RESAMPLES).map(() => {
    let over = 0;
    let under = 0;
    for (let k = 0; k < blocks; k++) {
      const start = Math.floor(stream.next() * n);
      over += a[start] as number;
      under += b[start] as number;
    }
    return over / under;
  });
  ratios.sort();
  const at = (q: number) => ratios[Math.round(q * (RESAMPLES - 1))] as number;
  return [at((1 - SHARE) / 2), at((1 + SHARE) / 2)];
}

/** Sum of the block that begins at each step. */
function blockSums(values: Float64Array, length: number): Float64Array {
  const n = values.length;
  let sum = sumOf(values.subarray(0, length));
  return new Float64Array(n).map((_, i) => {
    const now = sum;
    sum += (values[(i + length) % n] as number) - (values[i] as number);
    return now;
  });
}
