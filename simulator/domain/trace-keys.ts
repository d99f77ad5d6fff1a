import type { Cell } from './cell.ts';
import { keyOf, mix, uniform } from './draws.ts';

/** Keys the sample, so that no draw of the request shares it. */
const SAMPLE = 0x7ace;

/** Requests of each operation that are kept by their keys: the same under every strategy and in both worlds. */
export const SAMPLE_SIZE = 64;

/** Spans that a trace keeps: a post to 80,000 followers sets off more than anybody reads. */
export const MOST_SPANS = 400;

/** Place of an action in the sample, by its draw key: the lowest are kept. */
export function sampleRank(key: number): number {
  return uniform(mix(key, SAMPLE));
}

/** Ids of one trace: its own, and those of as many spans as are asked for. */
export interface TraceIds {
  trace: string;
  span(number: number): string;
}

/**
 * Ids of the traces of a cell, from what each is about: the same request of two strategies is two traces. `run` tells runs of one cell apart
 * where they meet in one collector.
 *
 * Shape: numbers of 32 bits in hexadecimal, as W3C Trace Context has them: 32 digits for a trace, 16 for a span.
 */
export function traceIdsOf(
  { plan, rate, seed }: Pick<Cell, 'plan' | 'rate' | 'seed'>,
  run?: string,
): (session: number, action: number) => TraceIds {
  const placed = plan.parts.map((part) => part.sizing?.controller.name ?? '').join();
  const [placement, pace] = [keyOf(`${plan.strategy} ${placed}`), keyOf(String(rate))];
  const runKey = run === undefined ? undefined : keyOf(run);
  return (session, action) => {
    const ofCell = mix(mix(mix(mix(seed, session), action), placement), pace);
    const key = runKey === undefined ? ofCell : mix(ofCell, runKey);
    const word = (n: number) => (mix(key, n) >>> 0).toString(16).padStart(8, '0');
    return { trace: [1, 2, 3, 4].map(word).join(''), span: (number) => word(2 * number + 5) + word(2 * number + 6) };
  };
}
