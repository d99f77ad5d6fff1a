import { Stream } from '../../simulator/domain/draws.ts';
import { emptySeries, extend } from '../forecast/learning/series.ts';
import { compressed, INPUTS, inputsOf, scaleOf } from '../forecast/neural/inputs.ts';

/** Examples to learn from: `inputs` of INPUTS numbers each, and how far the later load is from the newest, both compressed. */
export interface Rows {
  inputs: Float32Array;
  targets: Float32Array;
  count: number;
}

/** Horizons that are trained: what lies between is asked of the network as well, which sees the logarithm. */
const HORIZONS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24];
/** Values before the first example. */
const SETTLED = 48;
/** Examples that one moment may give, each with a horizon of its own. */
const PER_STEP = 4;
const TAIL = 0.2;

/**
 * Examples drawn from series: from the first four fifths of each to learn from, from the rest to know when to stop.
 *
 * Every input is what an online forecaster would have seen at that moment, seasons included. Each series gives about the same number.
 */
export function rowsOf(series: readonly ArrayLike<number>[], o: { seed: number; most: number }): { learn: Rows; stop: Rows } {
  const learn: [number[], number][] = [];
  const stop: [number[], number][] = [];
  for (const [s, values] of series.entries()) {
    const stream = new Stream(o.seed, `rows ${s}`);
    const split = Math.floor((1 - TAIL) * values.length);
    const expected = Math.min(PER_STEP, o.most / series.length / Math.max(1, values.length - SETTLED));
    const known = emptySeries();
    for (let t = 0; t < values.length; t++) {
      extend(known, values[t] as number);
      const count = t < SETTLED ? 0 : Math.floor(expected + stream.next());
      for (let k = 0; k < count; k++) {
        const horizon = HORIZONS[Math.floor(stream.next() * HORIZONS.length)] as number;
        const target = values[t + horizon];
        // An example whose target lies in the tail and whose inputs do not would let the tail be learnt.
        if (target === undefined || (t < split && t + horizon >= split)) continue;
        const row = inputsOf(known, horizon);
        (t < split ? learn : stop).push([row, compressed(target / scaleOf(known)) - (row[0] as number)]);
      }
    }
  }
  return { learn: packed(learn), stop: packed(stop) };
}

function packed(rows: readonly [number[], number][]): Rows {
  const inputs = new Float32Array(rows.length * INPUTS);
  rows.forEach(([row], i) => void inputs.set(row, i * INPUTS));
  return { inputs, targets: Float32Array.from(rows, ([, target]) => target), count: rows.length };
}

/** Mean and deviation of every input; the deviation of one that never moves is 1. */
export function spreadOf({ inputs, count }: Rows): { mean: number[]; deviation: number[] } {
  const mean = new Array<number>(INPUTS).fill(0);
  const squares = new Array<number>(INPUTS).fill(0);
  inputs.forEach((value, i) => {
    mean[i % INPUTS] = (mean[i % INPUTS] as number) + value / count;
  });
  inputs.forEach((value, i) => {
    squares[i % INPUTS] = (squares[i % INPUTS] as number) + (value - (mean[i % INPUTS] as number)) ** 2 / count;
  });
  return { mean, deviation: squares.map((square) => (square > 1e-12 ? Math.sqrt(square) : 1)) };
}
