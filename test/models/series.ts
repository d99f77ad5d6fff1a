import { emptySeries, extend, type Series } from '../../models/forecast/learning/series.ts';
import type { Method } from '../../models/forecast/method.ts';
import type { ForecasterDefinition } from '../../simulator/domain/forecaster.ts';

/** Draws in [0, 1) that are the same in every run (Park and Miller). */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export function seriesOf(values: readonly number[]): Series {
  const series = emptySeries();
  for (const value of values) extend(series, value);
  return series;
}

/** What a method says `h` steps behind the end of a series. */
export function said<State>(method: Method<State>, values: readonly number[], h: number): number {
  const state = method.initial();
  const series = emptySeries();
  for (const value of values) {
    extend(series, value);
    method.observe(state, series);
  }
  return method.forecast(state, series, h);
}

/** One-step-ahead bounds of a forecaster along a series, each beside the value that came. */
export function along(definition: ForecasterDefinition, values: readonly number[], h: number) {
  const forecaster = definition.create({ step_s: 60, history: new Float64Array() });
  const given = values.map((value) => {
    forecaster.observe(value);
    return forecaster.forecast(h);
  });
  return values.slice(h).map((value, i) => ({ value, ...(given[i] as { mean: number; upper95: number }) }));
}

export const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
